// What MultiheadAttention hides: padding, masks of all forms, rows that see nothing, what is not finite.
#include <cmath>
#include <limits>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/core/check_layer.h>
#include <heed/tensor/index.h>

#include "support/reference.h"

using namespace heed;
using test::random_tensor;
using test::same_bits;

namespace {

using Inputs = std::vector<Variable>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Tensor random64(const Shape& shape, uint32_t seed) { return random_tensor(shape, seed, DType::float64); }

std::unique_ptr<MultiheadAttention> make(int64_t embed_dim, int64_t heads,
                                         const MultiheadAttentionOptions& options = {}) {
  auto layer = std::make_unique<MultiheadAttention>(embed_dim, heads, options);
  layer->to(DType::float64);
  return layer;
}

}  // namespace

TEST_CASE("keys past a sequence's length change no bit of multihead attention, be they NaN") {
  const Tensor lengths = tensor<int64_t>({4, 1, 3});
  const auto forward = [&](MultiheadAttention& layer, const Inputs& x) {
    const auto result = layer.forward(x[0], x[1], x[2], Mask::lengths(lengths));
    return Inputs{result.output, result.weights};
  };
  const std::vector<Tensor> inputs{random64({3, 5, 6}, 20), random64({3, 4, 6}, 21), random64({3, 4, 6}, 22)};
  const CheckLayerResult result =
      check_layer([] { return make(6, 3); }, forward, inputs, {.lengths = lengths, .sequences = {1, 2}});
  INFO(result.message);
  CHECK(result.ok);
}

TEST_CASE("self-attention of padded sequences gets no NaN from behind their ends") {
  const Tensor lengths = tensor<int64_t>({4, 1, 3});
  const auto forward = [&](MultiheadAttention& layer, const Inputs& x) {
    const Tensor hidden = padding_mask(lengths, x[0].size(1));
    const auto result = layer.forward(x[0], x[0], x[0], Mask::padding(hidden));
    const Tensor past = unsqueeze(hidden, 2);
    return Inputs{masked_fill(result.output, past, 0), masked_fill(result.weights, past, 0)};
  };
  const CheckLayerResult result =
      check_layer([] { return make(6, 2); }, forward, {random64({3, 4, 6}, 23)}, {.lengths = lengths});
  INFO(result.message);
  CHECK(result.ok);
}

TEST_CASE("what is not finite and hidden from all queries reaches no parameter of multihead attention") {
  const auto layer = make(6, 3);
  Tensor key = random64({2, 4, 6}, 24), value = random64({2, 4, 6}, 25);
  Tensor bad_key = select(key, 1, 2), bad_value = select(value, 1, 2);
  fill_(bad_key, kInfinity);
  fill_(bad_value, kNaN);
  Tensor column = zeros({5, 4}, DType::boolean);
  Tensor hidden = select(column, 1, 2);
  fill_(hidden, 1);
  const Tensor additive = masked_fill(zeros({5, 4}, DType::float64), column, -kInfinity);
  const Tensor padding = expand(select(column, 0, 0), {2, 4});
  const Variable query(random64({2, 5, 6}, 26), true);
  for (const bool drop : {false, true}) {
    const auto dropping = make(6, 3, {.dropout = drop ? 0.5 : 0.0});
    for (const Mask& mask : {Mask::padding(padding), Mask(column), Mask::added(additive)}) {
      dropping->zero_grad();
      const auto result = dropping->forward(query, key, value, mask);
      CHECK(all_finite(result.output.value()));
      backward(sum(result.output) + sum(result.weights * result.weights));
      for (const auto& [name, parameter] : dropping->named_parameters()) {
        INFO(name);
        CHECK(all_finite(parameter.grad()));
      }
      CHECK(all_finite(query.grad()));
    }
  }
}

TEST_CASE("a NaN that only later queries may see does not reach earlier ones") {
  const auto layer = make(6, 3);
  const Tensor clean = random64({1, 5, 6}, 27);
  Tensor broken = clone(clean);
  Tensor last = narrow(broken, 1, 3, 1);
  fill_(last, kNaN);
  const auto causal = [&](const Tensor& x) { return layer->forward(x, x, x, Mask::causal()).output.value(); };
  CHECK(same_bits(narrow(causal(broken), 1, 0, 3), narrow(causal(clean), 1, 0, 3)));
  CHECK_FALSE(all_finite(narrow(causal(broken), 1, 3, 2)));
}

TEST_CASE("a query that may see nothing has weights of zero and takes nothing from the values") {
  const auto layer = make(6, 3);
  Variable out_bias = layer->parameters().back();
  copy_(out_bias.mutable_value(), random64({6}, 99));
  const Variable query(random64({2, 5, 6}, 28), true), key(random64({2, 4, 6}, 29), true);
  Tensor mask = zeros({5, 4}, DType::boolean);
  Tensor row = select(mask, 0, 1);
  fill_(row, 1);
  const Tensor additive = masked_fill(zeros({5, 4}, DType::float64), mask, -kInfinity);
  const auto result = layer->forward(query, key, key, mask, {.average_attn_weights = false});
  CHECK(max(abs(select(result.weights.value(), 2, 1))).item() == 0);
  CHECK(same_bits(select(result.output.value(), 1, 1), expand(out_bias.value(), {2, 6})));
  const auto gradients = grad({sum(result.output * result.output)}, {query});
  CHECK(max(abs(select(gradients[0].value(), 1, 1))).item() == 0);
  CHECK(all_finite(gradients[0].value()));

  const auto added = layer->forward(query, key, key, Mask::added(additive), {.average_attn_weights = false});
  CHECK(same_bits(added.output.value(), result.output.value()));
  CHECK(same_bits(added.weights.value(), result.weights.value()));
}

TEST_CASE("multihead attention combines its masks") {
  const auto layer = make(6, 3);
  const Tensor x = random64({2, 5, 6}, 30), padding = padding_mask(tensor<int64_t>({5, 2}), 5);
  const Tensor mask = random_tensor({5, 5}, 31, DType::boolean), bias = random64({5, 5}, 32);
  const Tensor both = logical_or(logical_or(mask, causal_mask(5, 5)), reshape(padding, {2, 1, 1, 5}));
  const auto output = [&](const Mask& call) { return layer->forward(x, x, x, call).output.value(); };
  const Mask others = Mask::padding(padding) | Mask::causal();
  CHECK(same_bits(output(others | mask), output(both)));
  CHECK(same_bits(output(Mask::lengths(tensor<int64_t>({5, 2})) | mask | Mask::causal()), output(both)));
  const Tensor hiding = masked_fill(expand(bias, {2, 1, 5, 5}), both, -kInfinity);
  const Tensor hidden_bias = masked_fill(bias, mask, -kInfinity);
  CHECK(same_bits(output(others | Mask::added(hidden_bias)), output(Mask::added(hiding))));
}
