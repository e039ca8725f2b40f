// The transformer's layers and stacks: gradients, masks, padding, names. Their numbers beside PyTorch's: conformance.
#include <heed/nn/transformer/transformer.h>

#include <cmath>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
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

using Variables = std::vector<Variable>;

Tensor random64(const Shape& shape, uint32_t seed) { return random_tensor(shape, seed, DType::float64); }

TransformerOptions small(bool norm_first, TransformerActivation activation) {
  TransformerOptions options;
  options.dim_feedforward = 5;
  options.norm_first = norm_first;
  options.activation = activation;
  return options;
}

std::vector<TransformerOptions> kinds() {
  std::vector<TransformerOptions> all{
      small(false, TransformerActivation::relu), small(true, TransformerActivation::relu),
      small(false, TransformerActivation::gelu), small(true, TransformerActivation::gelu)};
  all[1].bias = false;
  all[2].dropout = 0;
  return all;
}

void require_passed(const CheckLayerResult& result) {
  INFO(result.message);
  REQUIRE(result.ok);
}

std::string names_of(const Module& module) {
  std::string names;
  for (const auto& [name, value] : module.state_dict()) {
    names += name + " ";
  }
  return names;
}

/// x (B, T, E) with zeros past the lengths.
Variable cut(const Variable& x, const Tensor& hidden) { return masked_fill(x, unsqueeze(hidden, 2), 0); }

}  // namespace

TEST_CASE("the transformer's encoder layer passes check_layer, with padding too") {
  const Tensor lengths = tensor<int64_t>({3, 1, 2});
  for (const TransformerOptions& options : kinds()) {
    const auto forward = [&](TransformerEncoderLayer& layer, const Variables& x) {
      const Tensor hidden = padding_mask(lengths, x[0].size(1));
      return Variables{cut(layer.forward(x[0], Mask::padding(hidden)), hidden)};
    };
    require_passed(check_layer([&] { return std::make_unique<TransformerEncoderLayer>(4, 2, options); }, forward,
                               {random64({3, 3, 4}, 1)}, {.lengths = lengths}));
  }
}

TEST_CASE("the transformer's decoder layer passes check_layer, with padding of both sequences too") {
  const Tensor lengths = tensor<int64_t>({3, 1});
  for (const TransformerOptions& options : kinds()) {
    const auto forward = [&](TransformerDecoderLayer& layer, const Variables& x) {
      TransformerDecoderMasks masks;
      masks.target = Mask::lengths(lengths) | Mask::causal();
      masks.memory = Mask::lengths(lengths);
      return Variables{cut(layer.forward(x[0], x[1], masks), padding_mask(lengths, x[0].size(1)))};
    };
    require_passed(check_layer([&] { return std::make_unique<TransformerDecoderLayer>(4, 2, options); }, forward,
                               {random64({2, 3, 4}, 2), random64({2, 3, 4}, 3)},
                               {.lengths = lengths, .sequences = {0, 1}}));
  }
}

TEST_CASE("the transformer's stacks pass check_layer") {
  TransformerOptions options = small(true, TransformerActivation::gelu);
  options.final_norm = true;
  require_passed(
      check_layer([&] { return std::make_unique<TransformerEncoder>(4, 2, 2, options); },
                  [](TransformerEncoder& stack, const Variables& x) { return Variables{stack.forward(x[0])}; },
                  {random64({2, 3, 4}, 4)}));
  require_passed(check_layer([&] { return std::make_unique<TransformerDecoder>(4, 2, 2, options); },
                             [](TransformerDecoder& stack, const Variables& x) {
                               return Variables{stack.forward(x[0], x[1], {.target = Mask::causal()})};
                             },
                             {random64({2, 3, 4}, 5), random64({2, 2, 4}, 6)}));
}

TEST_CASE("the transformer's layers have right second derivatives") {
  TransformerOptions options = small(false, TransformerActivation::gelu);
  options.dropout = 0;
  TransformerEncoderLayer encoder(4, 2, options);
  TransformerDecoderLayer decoder(4, 2, options);
  encoder.to(DType::float64);
  decoder.to(DType::float64);
  const Variables inputs{Variable(random64({1, 3, 4}, 7), true), Variable(random64({1, 2, 4}, 8), true)};
  const VariableFunction function = [&](const Variables& x) {
    return Variables{decoder.forward(x[0], encoder.forward(x[1]), {.target = Mask::causal()})};
  };
  const GradcheckResult result = gradgradcheck(function, inputs);
  INFO(result.message);
  CHECK(result.ok);
}

TEST_CASE("the transformer's parameters have PyTorch's names") {
  const std::string attention = ".in_proj_weight $.in_proj_bias $.out_proj.weight $.out_proj.bias ";
  const auto named = [&](const std::string& name) {
    std::string text = "$" + attention;
    for (size_t at = text.find('$'); at != std::string::npos; at = text.find('$')) {
      text.replace(at, 1, name);
    }
    return text;
  };
  const std::string linears = "linear1.weight linear1.bias linear2.weight linear2.bias ";
  const std::string norms = "norm1.weight norm1.bias norm2.weight norm2.bias ";
  CHECK(names_of(TransformerEncoderLayer(4, 2)) == named("self_attn") + linears + norms);
  CHECK(names_of(TransformerDecoderLayer(4, 2)) ==
        named("self_attn") + named("multihead_attn") + linears + norms + "norm3.weight norm3.bias ");
  TransformerOptions options = small(false, TransformerActivation::relu);
  options.bias = false;
  options.final_norm = true;
  const std::string bare =
      ".self_attn.in_proj_weight $.self_attn.out_proj.weight $.linear1.weight $.linear2.weight "
      "$.norm1.weight $.norm2.weight ";
  CHECK(names_of(TransformerEncoder(4, 2, 2, options)) == [&] {
    std::string text;
    for (const char* name : {"layers.0", "layers.1"}) {
      std::string layer = "$" + bare;
      for (size_t at = layer.find('$'); at != std::string::npos; at = layer.find('$')) {
        layer.replace(at, 1, name);
      }
      text += layer;
    }
    return text + "norm.weight ";
  }());
}

TEST_CASE("a causal decoder's earlier outputs do not depend on later targets") {
  TransformerDecoder decoder(8, 2, 2, small(true, TransformerActivation::relu));
  decoder.eval();
  const Tensor target = random_tensor({2, 6, 8}, 9), memory = random_tensor({2, 5, 8}, 10);
  const Tensor all = decoder.forward(target, memory, {.target = Mask::causal()}).value();
  const Tensor first = decoder.forward(narrow(target, 1, 0, 4), memory, {.target = Mask::causal()}).value();
  CHECK(same_bits(first, narrow(all, 1, 0, 4)));
  const Tensor mask = causal_mask(6, 6);
  CHECK(same_bits(decoder.forward(target, memory, {.target = mask}).value(), all));
}

TEST_CASE("a transformer gives the same bits in any batch, on any threads, and either axis first") {
  TransformerOptions options = small(false, TransformerActivation::relu);
  TransformerEncoder encoder(16, 4, 2, options);
  options.batch_first = false;
  TransformerEncoder turned(16, 4, 2, options);
  turned.load_state_dict(encoder.state_dict());
  encoder.eval();
  turned.eval();
  const Tensor x = random_tensor({4, 21, 16}, 11), lengths = tensor<int64_t>({21, 3, 11, 20});
  const auto run = [&](const Tensor& input, const Tensor& counts) {
    return encoder.forward(input, Mask::lengths(counts)).value();
  };
  const Tensor all = run(x, lengths);
  for (int64_t b = 0; b < 4; ++b) {
    const int64_t length = lengths.data<int64_t>()[b];
    const Tensor alone = run(narrow(narrow(x, 0, b, 1), 1, 0, length), narrow(lengths, 0, b, 1));
    CHECK(same_bits(alone, narrow(narrow(all, 0, b, 1), 1, 0, length)));
  }
  test::check_threads([&] { return run(x, lengths); });
  Tensor broken = clone(x);
  Tensor past = narrow(select(broken, 0, 1), 0, 3, 18);
  fill_(past, std::nan(""));
  const Tensor swapped = turned.forward(transpose(broken, 0, 1), Mask::padding(padding_mask(lengths, 21))).value();
  CHECK(all_finite(swapped));
  CHECK(same_bits(select(transpose(swapped, 0, 1), 0, 0), select(all, 0, 0)));
}

TEST_CASE("the transformer drops elements in training only") {
  TransformerEncoderLayer layer(8, 2, small(false, TransformerActivation::relu));
  const Tensor x = random_tensor({2, 5, 8}, 12);
  CHECK_FALSE(same_bits(layer.forward(x).value(), layer.forward(x).value()));
  layer.eval();
  CHECK(same_bits(layer.forward(x).value(), layer.forward(x).value()));
}

TEST_CASE("the transformer says which layer was used wrongly, and how") {
  struct Model : Module {
    Model() { register_module("encoder", encoder); }
    TransformerEncoder encoder{8, 2, 2};
  } model;
  const Tensor x = random_tensor({2, 3, 8}, 13);
  CHECK(message_of<ShapeError>([&] {
          model.encoder.forward(random_tensor({2, 3, 5}, 14));
        }) == "encoder.layers.0.self_attn: query must be (B, steps, 8), got (2, 3, 5)");
  CHECK(message_of<ShapeError>([&] {
          model.encoder.forward(x, Mask::padding(zeros({2, 4}, DType::boolean)));
        }) == "encoder: the mask of positions must be (B=2, S=3), got (2, 4)");
  CHECK_THROWS_AS(TransformerEncoder(8, 2, 0), ValueError);
  CHECK_THROWS_AS(TransformerDecoder(8, 3, 1), ValueError);
  CHECK_THROWS_AS(TransformerEncoderLayer(8, 2, {.dropout = -0.1}), ValueError);
}
