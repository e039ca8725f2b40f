// MinGRU: its parameters and what it refuses. Its formula: recurrent_formula.cpp; gradients: the layer table.
#include <heed/nn/recurrent/min_gru.h>

#include <heed/nn/core/check_layer.h>
#include <heed/tensor/error.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

TEST_CASE("a minGRU has weights of the input alone") {
  MinGRU layer(3, 5, {.num_layers = 2, .bidirectional = true});
  std::vector<std::string> names;
  for (const auto& [name, parameter] : layer.named_parameters()) {
    names.push_back(name);
  }
  CHECK(names == std::vector<std::string>{"weight_ih_l0", "bias_ih_l0", "weight_ih_l0_reverse", "bias_ih_l0_reverse",
                                          "weight_ih_l1", "bias_ih_l1", "weight_ih_l1_reverse", "bias_ih_l1_reverse"});
  CHECK(layer.weights(0).w_ih.shape() == Shape{10, 3});
  CHECK(layer.weights(1, true).w_ih.shape() == Shape{10, 10});
  CHECK(MinGRUCell(3, 5, {.bias = false}).parameters().size() == 1);
}

TEST_CASE("a minGRU refuses what it does not have") {
  CHECK(message_of<ValueError>([] { MinGRU(3, 5, {.recurrent_dropout = 0.5}); }) ==
        "MinGRU: recurrent_dropout must be 0, as there is no weight_hh, got 0.5");
  CHECK_THROWS_AS(MinGRU(3, 5, {.nonlinearity = Nonlinearity::relu}), ValueError);
  CHECK_THROWS_AS(MinGRU(0, 5), ValueError);
  const Tensor x = zeros({2, 4, 3});
  CHECK_THROWS_AS(MinGRU(3, 5).forward(x, {.mask = Mask::lengths(tensor<int64_t>({5, 1}))}), ValueError);
  CHECK_THROWS_AS(MinGRU(3, 5).forward(x, {.h = zeros({1, 2, 4})}), ShapeError);
  CHECK_THROWS_AS(MinGRUCell(3, 5).forward(zeros({2, 4})), ShapeError);
}

TEST_CASE("a minGRU passes check_layer, and its cell goes on where the layer stopped") {
  const Tensor x = random_tensor({3, 4, 3}, 1), h = random_tensor({4, 3, 5}, 2), lengths = tensor<int64_t>({3, 1, 4});
  const auto make = [] {
    return std::make_unique<MinGRU>(3, 5,
                                    RecurrentLayerOptions{.num_layers = 2, .bidirectional = true, .dropout = 0.5});
  };
  const auto forward = [&](MinGRU& layer, const std::vector<Variable>& in) {
    const RecurrentOutput out = layer.forward(in[0], {.h = in[1], .mask = Mask::lengths(lengths)});
    return std::vector{out.output, out.h};
  };
  CHECK(check_layer(make, forward, {x, h}, {.lengths = lengths}).message == "");
  MinGRU layer(3, 5);
  MinGRUCell cell(3, 5);
  cell.load_state_dict({{"weight_ih", layer.weights(0).w_ih.value()}, {"bias_ih", layer.weights(0).b_ih.value()}});
  const RecurrentOutput whole = layer.forward(x);
  const RecurrentOutput start = layer.forward(narrow(x, 1, 0, 3));
  CHECK(same_bits(cell.forward(select(x, 1, 3), select(start.h.value(), 0, 0)).value(), select(whole.h.value(), 0, 0)));
}
