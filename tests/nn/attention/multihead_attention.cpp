// MultiheadAttention beside plain loops, with each of its options. What it hides: multihead_attention_masks.cpp.
#include <cmath>
#include <map>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/core/check_layer.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/random.h>

#include "support/message.h"
#include "support/reference.h"

using namespace heed;
using test::random_tensor;
using test::same_bits;

namespace {

Tensor random64(const Shape& shape, uint32_t seed) { return random_tensor(shape, seed, DType::float64); }

std::unique_ptr<MultiheadAttention> make(int64_t embed_dim, int64_t heads,
                                         const MultiheadAttentionOptions& options = {}) {
  auto layer = std::make_unique<MultiheadAttention>(embed_dim, heads, options);
  layer->to(DType::float64);
  // Biases start as zeros, which would hide one that is left out.
  for (Variable parameter : layer->parameters()) {
    if (parameter.rank() == 1) {
      copy_(parameter.mutable_value(), random64(parameter.shape(), 99));
    }
  }
  return layer;
}

/// Σ_i x[i] w[row, i] + b[row]
double affine(const Tensor& x, int64_t batch, int64_t step, const Tensor& weight, const Tensor& bias, int64_t row) {
  double total = bias.defined() ? bias.at({row}) : 0;
  for (int64_t i = 0; i < weight.size(1); ++i) {
    total += x.at({batch, step, i}) * weight.at({row, i});
  }
  return total;
}

/// The formula of the paper, element after element: query, key, value (B, ·, E), `hides(b, t, s)`.
template <class Hides>
Tensor by_hand(const MultiheadAttention& layer, const Tensor& query, const Tensor& key, const Tensor& value,
               const Hides& hides) {
  std::map<std::string, Tensor> p;
  for (const auto& [name, tensor] : layer.state_dict()) {
    p[name] = tensor;
  }
  const int64_t embed = layer.embed_dim(), size = embed / layer.num_heads(), batch = query.size(0);
  const int64_t targets = query.size(1), sources = key.size(1);
  Tensor joined = zeros({batch, targets, embed}, DType::float64);
  for (int64_t b = 0; b < batch; ++b) {
    for (int64_t t = 0; t < targets; ++t) {
      for (int64_t h = 0; h < layer.num_heads(); ++h) {
        std::vector<double> weights;
        double total = 0;
        for (int64_t s = 0; s < sources; ++s) {
          double score = 0;
          for (int64_t d = h * size; d < (h + 1) * size; ++d) {
            score += affine(query, b, t, p["in_proj_weight"], p["in_proj_bias"], d) *
                     affine(key, b, s, p["in_proj_weight"], p["in_proj_bias"], embed + d);
          }
          weights.push_back(hides(b, t, s) ? 0 : std::exp(score / std::sqrt(static_cast<double>(size))));
          total += weights.back();
        }
        for (int64_t d = h * size; d < (h + 1) * size; ++d) {
          double sum = 0;
          for (int64_t s = 0; s < sources; ++s) {
            const double weight = weights[static_cast<size_t>(s)];
            sum += weight == 0
                       ? 0
                       : weight / total * affine(value, b, s, p["in_proj_weight"], p["in_proj_bias"], 2 * embed + d);
          }
          joined.mutable_data<double>()[(b * targets + t) * embed + d] = sum;
        }
      }
    }
  }
  Tensor output = zeros({batch, targets, embed}, DType::float64);
  test::for_each_index(output.shape(), [&](const Shape& i) {
    output.mutable_data<double>()[(i[0] * targets + i[1]) * embed + i[2]] =
        affine(joined, i[0], i[1], p["out_proj.weight"], p["out_proj.bias"], i[2]);
  });
  return output;
}

using Inputs = std::vector<Variable>;

/// check_layer of a layer called with query, key and value, and the mask that `mask` makes of the inputs.
CheckLayerResult checked(const MultiheadAttentionOptions& options, const std::vector<Tensor>& inputs,
                         const std::function<Mask(const Inputs&)>& mask, const MultiheadAttentionArguments& call = {}) {
  const auto forward = [&](MultiheadAttention& layer, const Inputs& x) {
    const MultiheadAttentionOutput result = layer.forward(x[0], x[1], x[2], mask(x), call);
    return Inputs{result.output, result.weights};
  };
  return check_layer([&] { return make(6, 3, options); }, forward, inputs);
}

Mask no_mask(const Inputs&) { return {}; }

}  // namespace

TEST_CASE("multihead attention computes the formula of the paper") {
  const auto layer = make(6, 3);
  const Tensor query = random64({2, 5, 6}, 1), key = random64({2, 7, 6}, 2), value = random64({2, 7, 6}, 3);
  const Tensor mask = random_tensor({5, 7}, 4, DType::boolean);
  const Tensor plain = layer->forward(query, key, value).output.value();
  test::check_close(plain, by_hand(*layer, query, key, value, [](int64_t, int64_t, int64_t) { return false; }), 1e-12);
  const Tensor masked = layer->forward(query, key, value, mask).output.value();
  test::check_close(masked,
                    by_hand(*layer, query, key, value,
                            [&](int64_t, int64_t t, int64_t s) {
                              return mask.at({t, s}) != 0;
                            }),
                    1e-12);
}

TEST_CASE("multihead attention has PyTorch's parameters and first values") {
  const auto names = [](const MultiheadAttention& layer) {
    std::string all;
    for (const auto& [name, value] : layer.state_dict()) {
      all +=
          name + (value.rank() == 2 ? std::to_string(value.size(0)) + "x" + std::to_string(value.size(1)) : "") + " ";
    }
    return all;
  };
  const MultiheadAttention plain(8, 2), unequal(8, 2, {.kdim = 5, .vdim = 9}), bare(8, 2, {.bias = false});
  CHECK(names(plain) == "in_proj_weight24x8 in_proj_bias out_proj.weight8x8 out_proj.bias ");
  CHECK(names(unequal) ==
        "q_proj_weight8x8 k_proj_weight8x5 v_proj_weight8x9 in_proj_bias out_proj.weight8x8 out_proj.bias ");
  CHECK(names(bare) == "in_proj_weight24x8 out_proj.weight8x8 ");
  const StateDict state = plain.state_dict();
  const double bound = std::sqrt(6.0 / (24 + 8)), largest = max(abs(state[0].second)).item();
  CHECK((largest <= bound && largest > 0.9 * bound));
  CHECK(max(abs(state[1].second)).item() == 0);
  CHECK(max(abs(state[3].second)).item() == 0);
}

TEST_CASE("multihead attention passes check_layer with each of its options") {
  const std::vector<Tensor> inputs{random64({2, 5, 6}, 5), random64({2, 3, 6}, 6), random64({2, 3, 6}, 7)};
  const auto result = [&](const MultiheadAttentionOptions& options, const Mask& mask,
                          const MultiheadAttentionArguments& call = {}) {
    return checked(
        options, inputs, [&](const Inputs&) { return mask; }, call);
  };
  const auto passes = [](const CheckLayerResult& check) {
    INFO(check.message);
    CHECK(check.ok);
  };
  passes(result({}, {}));
  passes(result({.bias = false}, {}, {.average_attn_weights = false}));
  passes(result({}, Mask::causal()));
  passes(result({.dropout = 0.3}, random_tensor({5, 3}, 8, DType::boolean)));
  passes(result({}, random_tensor({2 * 3, 5, 3}, 9, DType::boolean)));
  passes(result({}, random_tensor({3, 5, 3}, 10, DType::boolean)));
  const std::vector<Tensor> unequal{random64({2, 5, 6}, 11), random64({2, 3, 4}, 12), random64({2, 3, 7}, 13)};
  passes(checked({.kdim = 4, .vdim = 7}, unequal, no_mask));
  const std::vector<Tensor> turned{random64({5, 2, 6}, 14), random64({3, 2, 6}, 15), random64({3, 2, 6}, 16)};
  passes(checked({.batch_first = false}, turned, no_mask));
  const std::vector<Tensor> empty{random64({2, 0, 6}, 14), random64({2, 3, 6}, 15), random64({2, 3, 6}, 16)};
  CHECK(make(6, 3)->forward(empty[0], empty[1], empty[2]).output.shape() == Shape{2, 0, 6});
  CHECK(make(6, 3)->forward(empty[1], empty[0], empty[0]).weights.shape() == Shape{2, 3, 0});
}

TEST_CASE("an additive mask of multihead attention is differentiable") {
  for (const Shape& shape : {Shape{5, 3}, Shape{2 * 3, 5, 3}, Shape{1, 3, 5, 3}}) {
    const std::vector<Tensor> inputs{random64({2, 5, 6}, 5), random64({2, 3, 6}, 6), random64({2, 3, 6}, 7),
                                     random64(shape, 8)};
    const CheckLayerResult result =
        checked({}, inputs, [](const Inputs& x) { return Mask::added(x[3]); }, {.average_attn_weights = false});
    INFO(result.message);
    CHECK(result.ok);
  }
}

TEST_CASE("multihead attention has right second derivatives") {
  const auto layer = make(4, 2);
  const Tensor hidden = random_tensor({3, 2}, 17, DType::boolean);
  const VariableFunction function = [&](const Inputs& x) {
    const auto result = layer->forward(x[0], x[1], x[1], hidden);
    return Inputs{result.output, result.weights};
  };
  const GradcheckResult result =
      gradgradcheck(function, {Variable(random64({2, 3, 4}, 18), true), Variable(random64({2, 2, 4}, 19), true)});
  INFO(result.message);
  CHECK(result.ok);
}

TEST_CASE(
    "multihead attention gives the same bits in any batch, for any number of keys behind the end, on any threads") {
  MultiheadAttention layer(32, 4);
  const Tensor x = random_tensor({5, 33, 32}, 33), memory = random_tensor({5, 41, 32}, 34);
  const Tensor lengths = tensor<int64_t>({41, 1, 17, 40, 33});
  const auto run = [&](const Tensor& query, const Tensor& key, const Tensor& counts) {
    return layer.forward(query, key, key, Mask::lengths(counts)).output.value();
  };
  const Tensor all = run(x, memory, lengths);
  for (int64_t b = 0; b < 5; ++b) {
    const int64_t length = lengths.data<int64_t>()[b];
    const Tensor alone =
        run(narrow(x, 0, b, 1), narrow(narrow(memory, 0, b, 1), 1, 0, length), narrow(lengths, 0, b, 1));
    CHECK(same_bits(alone, narrow(all, 0, b, 1)));
  }
  test::check_threads([&] { return run(x, memory, lengths); });
}

TEST_CASE("one projection of queries, keys and values gives the bits of three") {
  MultiheadAttention layer(12, 3);
  const Variable x = random_tensor({2, 7, 12}, 35), copy(clone(x.value()));
  const auto once = layer.forward(x, x, x), apart = layer.forward(x, copy, copy);
  CHECK(same_bits(once.output.value(), apart.output.value()));
  CHECK(same_bits(once.weights.value(), apart.weights.value()));
}

TEST_CASE("weights of multihead attention are dropped in training only") {
  MultiheadAttention layer(8, 2, {.dropout = 0.5});
  const Variable x = random_tensor({2, 9, 8}, 36);
  const auto dropped = layer.forward(x, x, x, {}, {.average_attn_weights = false}).weights.value();
  layer.eval();
  const auto kept = layer.forward(x, x, x, {}, {.average_attn_weights = false}).weights.value();
  CHECK_FALSE(any(flatten(eq(kept, 0)), {0}).item<bool>());
  const Tensor gone = eq(dropped, 0);
  CHECK(same_bits(dropped, masked_fill(kept * 2.0, gone, 0)));
  const double share = mean(to(gone, DType::float32)).item();
  CHECK((share > 0.35 && share < 0.65));
}

TEST_CASE("multihead attention without weights computes what it computes with them") {
  MultiheadAttention layer(8, 2, {.dropout = 0.5});
  layer.to(DType::float64);
  const Variable x(random_tensor({2, 9, 8}, 36, DType::float64), true);
  const Mask mask =
      Mask::lengths(tensor<int64_t>({9, 4})) | Mask::causal() | Mask::added(random_tensor({9, 9}, 37, DType::float64));
  for (const bool training : {true, false}) {
    layer.train(training);
    const auto run = [&](bool need_weights) {
      seed_default_generator(3);
      const auto result = layer.forward(x, x, x, mask, {.need_weights = need_weights});
      CHECK(result.weights.defined() == need_weights);
      return std::pair{result.output.value(), grad({sum(result.output * result.output)}, {x})[0].value()};
    };
    const auto with = run(true), without = run(false);
    CHECK(max(abs(with.first - without.first)).item() < 1e-12);
    CHECK(max(abs(with.second - without.second)).item() < 1e-12);
  }
}

TEST_CASE("multihead attention says which part of a model was used wrongly, and how") {
  struct Model : Module {
    Model() { register_module("reader", attention); }
    MultiheadAttention attention{8, 2};
  } model;
  const Variable x = random_tensor({2, 3, 8}, 37), narrow_x = random_tensor({2, 3, 5}, 38);
  const auto message = [&](const Variable& query, const Variable& key, const Mask& mask = {}) {
    return message_of<Error>([&] { model.attention.forward(query, key, key, mask); });
  };
  CHECK(message(narrow_x, x) == "reader: query must be (B, steps, 8), got (2, 3, 5)");
  CHECK(message(x, narrow_x) == "reader: key must be (B, steps, 8), got (2, 3, 5)");
  CHECK(message(x, random_tensor({1, 3, 8}, 39)).find("one batch size") != std::string::npos);
  CHECK(message(x, x, Mask::padding(zeros({3, 2}, DType::boolean))) ==
        "reader: scaled_dot_product_attention: the mask of positions must be (B=2, S=3), got (3, 2)");
  CHECK(message(x, x, Mask::lengths(tensor<int64_t>({3}))) ==
        "reader: scaled_dot_product_attention: there must be a length per sequence, 2, got 1");
  CHECK(message(x, x, zeros({2, 3}, DType::boolean)) ==
        "reader: scaled_dot_product_attention: the mask must broadcast to (2, 2, 3, 3), got (2, 3)");
  CHECK(message(x, x, Mask::added(zeros({3, 3}, DType::float64))) ==
        "reader: scaled_dot_product_attention: what the mask adds must be float32, got float64");
  CHECK_THROWS_AS(MultiheadAttention(8, 3), ValueError);
  CHECK_THROWS_AS(MultiheadAttention(0, 1), ValueError);
  CHECK_THROWS_AS(MultiheadAttention(8, 2, {.kdim = 0}), ValueError);
  CHECK_THROWS_AS(MultiheadAttention(8, 2, {.dropout = 1.5}), ValueError);
}
