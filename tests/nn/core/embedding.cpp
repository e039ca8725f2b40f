// Embedding: look-up, the padding row, weights tied with an output layer.
#include <heed/nn/core/embedding.h>

#include <cmath>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/nn/core/check_layer.h>
#include <heed/nn/core/linear.h>
#include <heed/tensor/error.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

/// Symbols embedded and scored against the same vectors (Press, Wolf 2017).
struct TiedModel : Module {
  Embedding embedding{7, 3};
  Linear output{3, 7};
  TiedModel() {
    output.weight() = embedding.weight();
    register_module("embedding", embedding);
    register_module("output", output);
  }
  Variable forward(const Tensor& ids) {
    const NameScope scope(path());
    return output.forward(tanh(embedding.forward(ids)));
  }
};

}  // namespace

TEST_CASE("Embedding looks rows up by ids of any shape") {
  Embedding layer(6, 4);
  const Tensor ids = tensor<int64_t>({5, 0, 5, 2, 3, 1});
  const Tensor y = layer.forward(reshape(ids, {2, 3})).value();
  REQUIRE(y.shape() == Shape{2, 3, 4});
  CHECK(y.at({0, 2, 3}) == layer.weight().value().at({5, 3}));
  CHECK(y.at({1, 0, 1}) == layer.weight().value().at({2, 1}));
  CHECK(layer.forward(zeros({0, 3}, DType::int64)).shape() == Shape{0, 3, 4});
  CHECK_THROWS_AS(layer.forward(tensor<int64_t>({6})), IndexError);
  CHECK_THROWS_AS(layer.forward(tensor<float>({1})), DTypeError);
}

TEST_CASE("Embedding starts normal") {
  Embedding layer(200, 300);
  CHECK(mean(layer.weight().value()).item() == Approx(0).margin(0.02));
  CHECK(var(layer.weight().value()).item() == Approx(1).epsilon(0.02));
}

TEST_CASE("the padding row is zero and gets no gradient") {
  for (const int64_t padding : {2, -4}) {
    Embedding layer(6, 4, {.padding_idx = padding});
    CHECK(same_bits(select(layer.weight().value(), 0, 2), zeros({4})));
    backward(sum(layer.forward(tensor<int64_t>({2, 1, 2, 1, 0}))));
    const Tensor grad = layer.weight().grad();
    CHECK(same_bits(select(grad, 0, 2), zeros({4})));
    CHECK(same_bits(select(grad, 0, 1), full({4}, 2)));
    CHECK(same_bits(select(grad, 0, 0), full({4}, 1)));
  }
  CHECK_THROWS_AS(Embedding(6, 4, {.padding_idx = 6}), IndexError);
}

TEST_CASE("Embedding passes check_layer") {
  const auto make = [] { return std::make_unique<Embedding>(6, 4); };
  const auto forward = [](Embedding& layer, const std::vector<Variable>& x) {
    return std::vector{layer.forward(x[0])};
  };
  CHECK(check_layer(make, forward, {random_tensor({3, 5}, 1, DType::int64, 0, 6)}).message == "");
}

TEST_CASE("tied weights are one variable that adds up both gradients") {
  TiedModel model;
  CHECK(model.parameters().size() == 2);
  CHECK(model.parameter_count() == 7 * 3 + 7);
  CHECK(model.state_dict().size() == 3);
  const auto make = [] { return std::make_unique<TiedModel>(); };
  const auto forward = [](TiedModel& layer, const std::vector<Variable>& x) {
    return std::vector{layer.forward(x[0].value())};
  };
  CHECK(check_layer(make, forward, {tensor<int64_t>({1, 4, 1, 6})}).message == "");
}
