// Masks in attention: what is hidden stays hidden.
#include <heed/autograd/attention.h>

#include <cmath>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>

#include "support/reference.h"

namespace heed::test {
namespace {

const double kNaN = std::nan("");

struct Inputs {
  Variable query{random_tensor({2, 3, 4}, 1, DType::float64), true};
  Variable key{random_tensor({2, 5, 4}, 2, DType::float64), true};
  Variable value{random_tensor({2, 5, 2}, 3, DType::float64), true};

  Inputs copy() const { return {fresh(query), fresh(key), fresh(value)}; }
  static Variable fresh(const Variable& x) { return {clone(x.value()), true}; }
};

/// {output, weights, gradients of query, key and value} for a random gradient of the output.
std::vector<Tensor> everything(const Inputs& in, const Mask& mask) {
  const AttentionResult result = scaled_dot_product_attention(in.query, in.key, in.value, mask);
  std::vector<Tensor> all{result.output.value(), result.weights.value()};
  const Variable cotangent = random_tensor(result.output.shape(), 9, DType::float64);
  for (const Variable& each : grad({result.output}, {in.query, in.key, in.value}, {.gradients = {cotangent}})) {
    all.push_back(each.value());
  }
  return all;
}

void set_rows(Variable& x, int64_t dim, int64_t start, double value) {
  Tensor rows = slice(x.mutable_value(), dim, start, x.size(dim));
  fill_(rows, value);
}

Mask padding(const std::vector<int64_t>& lengths) {
  return Mask::lengths(from_vector(lengths, {static_cast<int64_t>(lengths.size())}));
}

TEST_CASE("NaN and infinity in padded keys and values change no bit of outputs and gradients") {
  const Mask mask = padding({3, 3});
  const Inputs clean;
  for (const double bad : {kNaN, double{INFINITY}, double{-INFINITY}}) {
    Inputs broken = clean.copy();
    set_rows(broken.key, 1, 3, bad);
    set_rows(broken.value, 1, 3, bad);
    const std::vector<Tensor> expected = everything(clean, mask), got = everything(broken, mask);
    for (size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(bad, i);
      CHECK(same_bits(got[i], expected[i]));
    }
  }
}

TEST_CASE("a key that is NaN reaches the queries that see it and no others") {
  Inputs in;
  in.query = Variable(random_tensor({1, 4, 3}, 1, DType::float64), true);
  in.key = Variable(random_tensor({1, 4, 3}, 2, DType::float64), true);
  in.value = Variable(random_tensor({1, 4, 2}, 3, DType::float64), true);
  const std::vector<Tensor> expected = everything(in, Mask::causal());
  for (const bool in_value : {false, true}) {
    Inputs broken = in.copy();
    set_rows(in_value ? broken.value : broken.key, 1, 2, kNaN);
    const AttentionResult result = scaled_dot_product_attention(broken.query, broken.key, broken.value, Mask::causal());
    CHECK(same_bits(slice(result.output.value(), 1, 0, 2), slice(expected[0], 1, 0, 2)));
    for (int64_t t = 2; t < 4; ++t) {
      CHECK(std::isnan(result.output.value().at({0, t, 0})));
    }
    // A loss of the first two outputs only. Weights that are NaN reach the gradient of what they weigh all the same.
    backward(sum(slice(result.output, 1, 0, 2)));
    CHECK(all_finite(slice(broken.query.grad(), 1, 0, 2)));
    CHECK((!in_value || (all_finite(broken.key.grad()) && all_finite(broken.value.grad()))));
  }
}

TEST_CASE("a query that may see nothing has weights, output and gradients of exactly zero") {
  Tensor mask = zeros({2, 3, 5}, DType::boolean);
  Tensor row = select(select(mask, 0, 1), 0, 2);
  fill_(row, 1);
  for (const double query : {1.0, kNaN}) {
    Inputs in;
    Tensor blind = select(select(in.query.mutable_value(), 0, 1), 0, 2);
    fill_(blind, query);
    const std::vector<Tensor> all = everything(in, mask);
    for (const size_t i : {0, 1, 2}) {
      for (const double value : values(select(select(all[i], 0, 1), 0, 2))) {
        CHECK(value == 0);
      }
    }
    for (const Tensor& each : all) {
      CHECK(all_finite(each));
    }
  }
}

TEST_CASE("with everything hidden all gradients are exactly zero") {
  const Inputs in;
  for (const Tensor& each : everything(in, ones({}, DType::boolean))) {
    for (const double value : values(each)) {
      CHECK(value == 0);
    }
  }
}

TEST_CASE("an unmasked prefix gives the same bits as the same keys with padding behind them") {
  const Inputs in;
  Inputs shorter = in.copy();
  shorter.key = Variable(clone(slice(in.key.value(), 1, 0, 3)), true);
  shorter.value = Variable(clone(slice(in.value.value(), 1, 0, 3)), true);
  const std::vector<Tensor> padded = everything(in, padding({3, 3})), alone = everything(shorter, Tensor());
  CHECK(same_bits(padded[0], alone[0]));
  CHECK(same_bits(slice(padded[1], 2, 0, 3), alone[1]));
  CHECK(same_bits(padded[2], alone[2]));
  CHECK(same_bits(slice(padded[3], 1, 0, 3), alone[3]));
}

TEST_CASE("attention refuses shapes and masks that do not fit, by name") {
  const Inputs in;
  CHECK(message_of<ShapeError>([&] { scaled_dot_product_attention(in.query, in.value, in.value); }) ==
        "scaled_dot_product_attention: queries and keys must have one size, got (2, 3, 4) and (2, 5, 2)");
  CHECK(message_of<ShapeError>([&] { scaled_dot_product_attention(in.query, in.key, in.query); }) ==
        "scaled_dot_product_attention: there must be as many keys as values, got (2, 5, 4) and (2, 3, 4)");
  CHECK_THROWS_AS(scaled_dot_product_attention(in.query, in.key, in.value, zeros({2, 3, 4}, DType::boolean)),
                  ShapeError);
  CHECK_THROWS_AS(scaled_dot_product_attention(in.query, in.key, in.value, zeros({2, 3, 5})), DTypeError);
  CHECK_THROWS_AS(attend(in.query, in.value), ShapeError);
}

}  // namespace
/// {output, gradients}, and gradients of a sum over those, for one generator state.
std::vector<Tensor> twice_differentiated(const Inputs& in, const Mask& mask, ScaledDotProductOptions options) {
  Generator generator(5);
  options.generator = &generator;
  const std::vector<Variable> inputs{in.query, in.key, in.value};
  const Variable output = scaled_dot_product_attention(in.query, in.key, in.value, mask, options).output;
  const Variable cotangent = random_tensor(output.shape(), 9, DType::float64);
  const auto first = grad({output}, inputs, {.gradients = {cotangent}, .retain_graph = true});
  const auto graph = grad({output}, inputs, {.gradients = {cotangent}, .create_graph = true});
  Variable total = sum(graph[0] * graph[0]);
  total = total + sum(graph[1] * graph[1] * graph[1]) + sum(graph[2]);
  std::vector<Tensor> all{output.value()};
  for (const auto& list : {first, graph, grad({total}, inputs)}) {
    for (const Variable& each : list) {
      all.push_back(each.value());
    }
  }
  return all;
}

TEST_CASE("attention without weights is attention with them, in value, gradients and gradients of those") {
  const Mask mask =
      Mask(random_tensor({2, 1, 5}, 7, DType::boolean)) | Mask::added(random_tensor({3, 5}, 6, DType::float64));
  for (const double dropout : {0.0, 0.4, 1.0}) {
    ScaledDotProductOptions options;
    options.dropout = dropout;
    const std::vector<Tensor> with = twice_differentiated(Inputs(), mask, options);
    options.need_weights = false;
    const std::vector<Tensor> without = twice_differentiated(Inputs(), mask, options);
    for (size_t i = 0; i < with.size(); ++i) {
      CAPTURE(dropout, i);
      CHECK(max(abs(with[i] - without[i])).item() < 1e-12);
    }
  }
}

TEST_CASE("attention without weights gives no weights, and gradients of what is added all the same") {
  const Inputs in;
  const Variable added(random_tensor({3, 5}, 6, DType::float64), true);
  const auto of_added = [&](bool need_weights) {
    const AttentionResult result =
        scaled_dot_product_attention(in.query, in.key, in.value, Mask::added(added), {.need_weights = need_weights});
    CHECK(result.weights.defined() == need_weights);
    return grad({sum(result.output * result.output)}, {added})[0].value();
  };
  CHECK(same_bits(of_added(true), of_added(false)));
}

}  // namespace heed::test
