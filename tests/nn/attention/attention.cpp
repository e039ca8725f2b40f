// Attention layers against their formulas in plain loops; masks, padding, NaN.
#include <heed/nn/attention/attention.h>

#include <cmath>
#include <functional>
#include <limits>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/nn/attention/luong_attention.h>
#include <heed/nn/core/check_layer.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

constexpr int64_t kQuery = 3, kMemory = 5;

struct Kind {
  std::string name;
  int64_t memory_size;
  std::function<std::unique_ptr<Attention>()> make;
  /// The score of one query and one memory vector, by the layer's parameters in order.
  std::function<double(const std::vector<double>& s, const std::vector<double>& h, const std::vector<Tensor>& p)> score;
};

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double total = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    total += a[i] * b[i];
  }
  return total;
}

std::vector<double> product(const Tensor& matrix, const std::vector<double>& x) {
  std::vector<double> y(static_cast<size_t>(matrix.size(0)));
  for_each_index(matrix.shape(),
                 [&](const Shape& i) { y[static_cast<size_t>(i[0])] += matrix.at(i) * x[static_cast<size_t>(i[1])]; });
  return y;
}

double of_tanh(const Tensor& direction, std::vector<double> x) {
  for (double& value : x) {
    value = std::tanh(value);
  }
  return product(direction, x)[0];
}

std::vector<Kind> kinds() {
  using Vector = std::vector<double>;
  using Tensors = std::vector<Tensor>;
  return {
      {"additive", kMemory, [] { return std::make_unique<AdditiveAttention>(kQuery, kMemory, 4); },
       [](const Vector& s, const Vector& h, const Tensors& p) {
         Vector sum = product(p[0], s);
         const Vector projected = product(p[1], h);
         for (size_t i = 0; i < sum.size(); ++i) {
           sum[i] += projected[i];
         }
         return of_tanh(p[2], sum);
       }},
      {"dot", kQuery, [] { return std::make_unique<LuongAttention>(kQuery, kQuery); },
       [](const Vector& s, const Vector& h, const Tensors&) { return dot(s, h); }},
      {"general", kMemory, [] { return std::make_unique<LuongAttention>(kQuery, kMemory, LuongScore::general); },
       [](const Vector& s, const Vector& h, const Tensors& p) { return dot(s, product(p[0], h)); }},
      {"concat", kMemory, [] { return std::make_unique<LuongAttention>(kQuery, kMemory, LuongScore::concat); },
       [](const Vector& s, const Vector& h, const Tensors& p) {
         Vector both = s;
         both.insert(both.end(), h.begin(), h.end());
         return of_tanh(p[1], product(p[0], both));
       }},
      {"scaled", kQuery, [] { return std::make_unique<ScaledDotProductAttention>(kQuery); },
       [](const Vector& s, const Vector& h, const Tensors&) { return dot(s, h) / std::sqrt(3.0); }},
  };
}

std::vector<Tensor> parameters_of(const Module& layer) {
  std::vector<Tensor> tensors;
  for (const Variable& parameter : layer.parameters()) {
    tensors.push_back(parameter.value());
  }
  return tensors;
}

/// Weights and contexts of the visible positions, one query at a time.
void check_against_loops(const Kind& kind, const Tensor& query, const Tensor& memory, const Tensor& mask) {
  const auto layer = kind.make();
  layer->to(DType::float64);
  const AttentionOutput got = layer->forward(query, memory, mask);
  const int64_t positions = memory.size(1);
  REQUIRE(got.weights.shape() == Shape{query.size(0), query.size(1), positions});
  REQUIRE(got.context.shape() == Shape{query.size(0), query.size(1), memory.size(2)});
  for_each_index({query.size(0), query.size(1)}, [&](const Shape& i) {
    std::vector<double> weights(static_cast<size_t>(positions)), context(static_cast<size_t>(memory.size(2)));
    double total = 0;
    for (int64_t s = 0; s < positions; ++s) {
      const bool visible = !mask.defined() || mask.at({i[0], s}) == 0;
      auto& weight = weights[static_cast<size_t>(s)];
      weight = visible ? std::exp(kind.score(values(select(select(query, 0, i[0]), 0, i[1])),
                                             values(select(select(memory, 0, i[0]), 0, s)), parameters_of(*layer)))
                       : 0;
      total += weight;
    }
    for (int64_t s = 0; s < positions; ++s) {
      auto& weight = weights[static_cast<size_t>(s)];
      weight = total == 0 ? 0 : weight / total;
      for (int64_t m = 0; m < memory.size(2); ++m) {
        context[static_cast<size_t>(m)] += weight == 0 ? 0 : weight * memory.at({i[0], s, m});
      }
    }
    check_close(values(select(select(got.weights.value(), 0, i[0]), 0, i[1])), weights, 1e-12);
    check_close(values(select(select(got.context.value(), 0, i[0]), 0, i[1])), context, 1e-12);
  });
}

/// The third sequence sees nothing.
Tensor some_mask() {
  return to(reshape(tensor<int64_t>({0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1}), {3, 5}), DType::boolean);
}

}  // namespace

TEST_CASE("attention layers compute their formulas") {
  for (const Kind& kind : kinds()) {
    INFO(kind.name);
    const Tensor query = strided(random_tensor({3, 4, kQuery}, 1, DType::float64));
    const Tensor memory = strided(random_tensor({3, 5, kind.memory_size}, 2, DType::float64));
    check_against_loops(kind, query, memory, Tensor());
    check_against_loops(kind, query, memory, some_mask());
    check_against_loops(kind, zeros({3, 0, kQuery}, DType::float64), memory, some_mask());
    check_against_loops(kind, query, zeros({3, 0, kind.memory_size}, DType::float64), Tensor());
  }
}

TEST_CASE("attention layers pass check_layer, with a padded memory too") {
  const Tensor lengths = tensor<int64_t>({5, 1, 3});
  for (const Kind& kind : kinds()) {
    const auto forward = [](Attention& layer, const std::vector<Variable>& x) {
      const AttentionOutput out = layer.forward(x[0], x[1]);
      return std::vector{out.context, out.weights};
    };
    const auto padded = [&](Attention& layer, const std::vector<Variable>& x) {
      const AttentionOutput out = layer.forward(x[0], x[1], padding_mask(lengths, x[1].size(1)));
      return std::vector{out.context, out.weights};
    };
    const std::vector<Tensor> inputs{random_tensor({3, 4, kQuery}, 1), random_tensor({3, 5, kind.memory_size}, 2)};
    INFO(kind.name);
    CHECK(check_layer(kind.make, forward, inputs).message == "");
    CHECK(check_layer(kind.make, padded, inputs, {.lengths = lengths, .sequences = {1}}).message == "");
  }
}

TEST_CASE("a query gets the same bits alone, with a padded memory, or in any batch") {
  for (const Kind& kind : kinds()) {
    INFO(kind.name);
    const auto layer = kind.make();
    const Tensor query = random_tensor({3, 4, kQuery}, 1), memory = random_tensor({3, 70, kind.memory_size}, 2);
    const Tensor lengths = tensor<int64_t>({41, 1, 70});
    const AttentionOutput all = layer->forward(query, memory, padding_mask(lengths, 70));
    for (int64_t b = 0; b < 3; ++b) {
      const int64_t length = lengths.to_vector<int64_t>()[static_cast<size_t>(b)];
      for (int64_t t = 0; t < 4; ++t) {
        const AttentionOutput one =
            layer->forward(narrow(narrow(query, 0, b, 1), 1, t, 1), narrow(narrow(memory, 0, b, 1), 1, 0, length));
        const Tensor context = narrow(narrow(all.context.value(), 0, b, 1), 1, t, 1);
        const Tensor weights = narrow(narrow(all.weights.value(), 0, b, 1), 1, t, 1);
        CHECK(same_bits(one.context.value(), context));
        CHECK(same_bits(one.weights.value(), narrow(weights, 2, 0, length)));
        CHECK(same_bits(narrow(weights, 2, length, 70 - length), zeros({1, 1, 70 - length})));
      }
    }
  }
}

TEST_CASE("NaN and infinity in hidden memory reach no output and no gradient; a row that sees nothing is zero") {
  for (const Kind& kind : kinds()) {
    INFO(kind.name);
    const auto layer = kind.make();
    const Tensor mask = some_mask();
    const Tensor clean = random_tensor({3, 5, kind.memory_size}, 2);
    const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
    std::vector<Tensor> results;
    for (const double hidden : {0.0, nan, infinity, 1e38}) {
      const Variable query(random_tensor({3, 4, kQuery}, 1), true);
      const Variable memory(masked_fill(clean, unsqueeze(mask, 2), hidden), true);
      layer->zero_grad();
      const AttentionOutput out = layer->forward(query, memory, mask);
      backward(sum(out.context * random_tensor(out.context.shape(), 3)) +
               sum(out.weights * random_tensor(out.weights.shape(), 4)));
      std::vector<Tensor> now{out.context.value(), out.weights.value(), query.grad(), memory.grad()};
      for (const Variable& parameter : layer->parameters()) {
        now.push_back(parameter.grad());
      }
      if (results.empty()) {
        results = now;
      }
      for (size_t i = 0; i < now.size(); ++i) {
        CHECK(all_finite(now[i]));
        CHECK(same_bits(now[i], results[i]));
      }
      for (size_t i = 0; i < 4; ++i) {
        const Tensor row = select(now[i], 0, 2);
        CHECK(same_bits(abs(row), zeros(row.shape())));
      }
      const Tensor hidden_gradients = masked_fill(memory.grad(), logical_not(unsqueeze(mask, 2)), 0);
      CHECK(same_bits(abs(hidden_gradients), zeros(clean.shape())));
    }
  }
}

TEST_CASE("a prepared memory can be asked again and again") {
  for (const Kind& kind : kinds()) {
    const auto layer = kind.make();
    const Tensor query = random_tensor({3, 4, kQuery}, 1), memory = random_tensor({3, 5, kind.memory_size}, 2);
    const AttentionMemory prepared = layer->prepare(memory, some_mask());
    const AttentionOutput whole = layer->forward(query, memory, some_mask());
    for (int64_t t = 0; t < 4; ++t) {
      const AttentionOutput step = layer->forward(narrow(query, 1, t, 1), prepared);
      CHECK(same_bits(step.context.value(), narrow(whole.context.value(), 1, t, 1)));
      CHECK(same_bits(step.weights.value(), narrow(whole.weights.value(), 1, t, 1)));
    }
  }
}

TEST_CASE("attention layers name their parameters and check what they are given") {
  AdditiveAttention layer(3, 5, 4);
  std::vector<std::string> names;
  for (const auto& [name, parameter] : layer.named_parameters()) {
    names.push_back(name);
  }
  CHECK(names == std::vector<std::string>{"query_proj.weight", "memory_proj.weight", "score_proj.weight"});
  const Tensor query = zeros({2, 4, 3}), memory = zeros({2, 6, 5});
  CHECK(message_of<ShapeError>([&] {
          layer.forward(query, zeros({2, 6, 3}));
        }) == "AdditiveAttention: memory must be (B, S, 5), got (2, 6, 3)");
  CHECK(message_of<ShapeError>([&] {
          layer.forward(zeros({1, 4, 3}), memory);
        }) == "AdditiveAttention: query must be (2, T, 3), got (1, 4, 3)");
  CHECK_THROWS_AS(layer.forward(query, memory, zeros({2, 6})), DTypeError);
  CHECK_THROWS_AS(layer.forward(query, memory, zeros({2, 1}, DType::boolean)), ShapeError);
  CHECK_THROWS_AS(LuongAttention(3, 5, LuongScore::dot), ValueError);
  CHECK_THROWS_AS(AdditiveAttention(3, 5, 0), ValueError);
}

TEST_CASE("what an attention of one's own gives is checked by its name") {
  struct Own : Attention {
    Own() : Attention("Own", 4, 6) {}
    Variable key = zeros({2, 5, 3}), score = zeros({2, 3, 5});
    Variable keys(const Variable&) const override { return key; }
    Variable scores(const Variable&, const Variable&) const override { return score; }
  } layer;
  const Variable query(zeros({2, 3, 4})), memory(zeros({2, 5, 6}));
  const auto says = [&] { return message_of<ShapeError>([&] { layer.forward(query, memory); }); };
  CHECK_NOTHROW(layer.forward(query, memory));
  for (const Shape& wrong : {Shape{2, 1, 5}, Shape{1, 3, 5}, Shape{3, 5}, Shape{2, 5, 3}}) {
    TextStream text;
    text << "Own: scores() must be (2, 3, 5), got " << wrong;
    layer.score = zeros(wrong);
    CHECK(says() == text.str());
  }
  layer.score = Variable();
  CHECK(says() == "Own: scores() must be (2, 3, 5), got an undefined Variable");
  layer.key = zeros({2, 2, 3});
  CHECK(says() == "Own: keys() must be (2, 5, ·), got (2, 2, 3)");
  layer.key = Variable();
  CHECK(says() == "Own: keys() must be (2, 5, ·), got an undefined Variable");
}
