// Attention of scores at the ends of what numbers hold: with weights, in tiles, and the gradients of both.
#include <cmath>
#include <limits>

#include <heed/autograd/attention.h>
#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>

#include "support/reference.h"

namespace heed::test {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

/// One query, keys of size 1 and the values 1, 2, …; `weights` are the right ones.
struct Case {
  const char* name;
  double query;
  std::vector<double> keys, added, weights;
  std::vector<double> hidden = {};
  double scale = 1;
};

/// `largest`: of the type; `root`: its square root.
std::vector<Case> cases(double largest, double root) {
  return {
      {"the lowest number added to all", -10, {10, 10}, {-largest, -largest}, {0.5, 0.5}},
      {"0.7 of the largest added to all", -10, {10, 10}, {0.7 * largest, 0.7 * largest}, {0.5, 0.5}},
      {"large scores", 0.92 * root, {0.92 * root, 0.92 * root}, {}, {0.5, 0.5}},
      {"large negative scores", -0.92 * root, {0.92 * root, 0.92 * root, 0.93 * root}, {}, {0.5, 0.5, 0}},
      {"the largest beside the lowest", 1, {1, 1}, {largest, -largest}, {1, 0}},
      {"the lowest beside 0", 1, {1, 1, 1}, {0, -largest, 0}, {0.5, 0, 0.5}},
      {"the lowest beside what is hidden", 1, {1, 1, 1}, {-largest, -kInf, -largest}, {0.5, 0, 0.5}},
      {"the lowest, masked", 1, {1, 1, 1}, {-largest, -largest, 0}, {0.5, 0.5, 0}, {0, 0, 1}},
      {"a sum below the lowest", -0.9 * root, {root, root, 0.99 * root}, std::vector(3, -largest), {0, 0, 1}},
      {"equal sums below the lowest", -0.9 * root, {root, root}, {-largest, -largest}, {0.5, 0.5}},
      {"equal sums above the largest", 0.9 * root, {root, root}, {largest, largest}, {0.5, 0.5}},
      {"scores of 1.9 times the largest", 1.9 * root, {root, root, 0.5 * root}, {}, {0.5, 0.5, 0}},
      {"a scaled query above the largest", 0.3 * largest, {8 / largest, 8 / largest}, {}, {0.5, 0.5}, {}, 4},
      {"scores of -1.9 times the largest", -1.9 * root, {root, root}, {}, {0.5, 0.5}},
  };
}

enum class Way { weights, tiles, tiles_with_graph };

/// {output, gradients of query, keys and values} for a gradient of 1.
std::vector<Tensor> attended(const Case& c, Way way, DType dtype) {
  const auto sources = static_cast<int64_t>(c.keys.size());
  const auto column = [&](const std::vector<double>& x) {
    return Variable(to(from_vector(x, {static_cast<int64_t>(x.size()), 1}), dtype), true);
  };
  std::vector<double> rising;
  for (int64_t i = 1; i <= sources; ++i) {
    rising.push_back(static_cast<double>(i));
  }
  const Variable query = column({c.query}), key = column(c.keys), value = column(rising);
  const ScaledDotProductOptions options{.scale = c.scale, .need_weights = way == Way::weights};
  Mask mask = c.hidden.empty() ? Tensor() : to(from_vector(c.hidden, {1, sources}), DType::boolean);
  if (!c.added.empty()) {
    mask = mask | Mask::added(to(from_vector(c.added, {1, sources}), dtype));
  }
  const AttentionResult result = scaled_dot_product_attention(query, key, value, mask, options);
  std::vector<Tensor> all{result.output.value()};
  for (const Variable& gradient :
       grad({result.output}, {query, key, value}, {.create_graph = way == Way::tiles_with_graph})) {
    all.push_back(gradient.value());
  }
  return all;
}

void check_case(const Case& c, DType dtype) {
  double output = 0, of_query = 0, size_of_query = 0;
  for (size_t j = 0; j < c.keys.size(); ++j) {
    output += c.weights[j] * static_cast<double>(j + 1);
  }
  std::vector<double> of_keys;
  for (size_t j = 0; j < c.keys.size(); ++j) {
    const double slope = c.weights[j] * (static_cast<double>(j + 1) - output);
    of_query += slope * c.keys[j] * c.scale;
    size_of_query = std::max(size_of_query, std::abs(slope * c.keys[j] * c.scale));
    of_keys.push_back(slope * c.query * c.scale);
  }
  const double tolerance = dtype == DType::float32 ? 1e-6 : 1e-14;
  for (const Way way : {Way::weights, Way::tiles, Way::tiles_with_graph}) {
    CAPTURE(c.name, static_cast<int>(way), dtype);
    const std::vector<Tensor> got = attended(c, way, dtype);
    check_close(values(got[0]), {output}, tolerance);
    CHECK(std::abs(values(got[1])[0] - of_query) <= tolerance * (1 + size_of_query));
    check_close(values(got[2]), of_keys, tolerance);
    check_close(values(got[3]), c.weights, tolerance);
  }
}

TEST_CASE("attention is right for every finite score, with weights and in tiles, forward and backward") {
  for (const Case& c : cases(std::numeric_limits<float>::max(), std::sqrt(std::numeric_limits<float>::max()))) {
    check_case(c, DType::float32);
  }
  for (const Case& c : cases(std::numeric_limits<double>::max(), std::sqrt(std::numeric_limits<double>::max()))) {
    check_case(c, DType::float64);
  }
}

TEST_CASE("scores that no number is large enough for give NaN, with weights and in tiles") {
  for (const double sign : {1.0, -1.0}) {
    for (const Way way : {Way::weights, Way::tiles, Way::tiles_with_graph}) {
      CAPTURE(sign, static_cast<int>(way));
      const std::vector<Tensor> got = attended({"", sign * 1e20, {1e20, 1e20}, {}, {}, {0, 1}, 1}, way, DType::float32);
      CHECK(std::isnan(values(got[0])[0]));
      CHECK(std::isnan(values(got[1])[0]));
      CHECK(std::isnan(values(got[2])[0]));
      CHECK(values(got[2])[1] == 0);  // hidden
    }
  }
}

TEST_CASE("dropout, causality and masks give one result with weights and in tiles where scores are at the ends") {
  const double lowest = std::numeric_limits<float>::lowest();
  const Mask mask =
      Mask(random_tensor({40, 100}, 4, DType::boolean)) | Mask::added(full({40, 100}, lowest)) | Mask::causal();
  const Variable query(random_tensor({2, 40, 3}, 1), true), key(random_tensor({2, 100, 3}, 2), true),
      value(random_tensor({2, 100, 5}, 3), true);
  const Tensor cotangent = random_tensor({2, 40, 5}, 5);
  for (const double scale : {0.5, 3e37}) {
    std::vector<std::vector<Tensor>> both;
    for (const bool need_weights : {true, false}) {
      Generator generator(7);
      const ScaledDotProductOptions options{
          .scale = scale, .need_weights = need_weights, .dropout = 0.3, .generator = &generator};
      const Variable output = scaled_dot_product_attention(query, key, value, mask, options).output;
      std::vector<Tensor> all{output.value()};
      for (const Variable& each : grad({output}, {query, key, value}, {.gradients = {Variable(cotangent)}})) {
        all.push_back(each.value());
      }
      both.push_back(all);
    }
    for (size_t i = 0; i < both[0].size(); ++i) {
      CAPTURE(scale, i);
      const std::vector<double> want = values(both[0][i]), got = values(both[1][i]);
      const double size = std::max(1.0, scale);
      for (size_t k = 0; k < want.size(); ++k) {
        REQUIRE(std::abs(got[k] - want[k]) <= 1e-5 * (i == 1 || i == 2 ? size : 1));
      }
    }
  }
}

}  // namespace
}  // namespace heed::test
