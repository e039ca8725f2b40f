// Linear, activations and Sequential.
#include <heed/nn/core/linear.h>

#include <heed/nn/core/activation.h>
#include <heed/nn/core/check_layer.h>
#include <heed/nn/core/sequential.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/reduce.h>

#include "support/array.h"

using namespace heed;
using namespace heed::test;

namespace {

const auto unary = [](UnaryModule& layer, const std::vector<Variable>& x) { return std::vector{layer.forward(x[0])}; };

std::unique_ptr<Sequential> network() {
  auto made = std::make_unique<Sequential>(std::make_unique<Linear>(3, 5), std::make_unique<Tanh>());
  made->add<Linear>(5, 2, LinearOptions{.bias = false});
  return made;
}

}  // namespace

TEST_CASE("Linear computes x W' + b") {
  Linear layer(3, 4);
  const Tensor x = strided(random_tensor({2, 5, 3}, 1));
  const Tensor y = layer.forward(x).value();
  const Array want = linear_reference({array_of(x), array_of(layer.weight().value()), array_of(layer.bias().value())});
  REQUIRE(y.shape() == want.shape);
  check_close(values(y), want.values, 1e-5);
}

TEST_CASE("Linear passes check_layer, also without bias and without rows") {
  const auto plain = [] { return std::make_unique<Linear>(3, 4); };
  const auto without = [] { return std::make_unique<Linear>(3, 4, LinearOptions{.bias = false}); };
  for (const Shape& shape : {Shape{3}, Shape{7, 3}, Shape{2, 5, 3}, Shape{0, 3}}) {
    const CheckLayerResult result = check_layer(plain, unary, {random_tensor(shape, 2)});
    INFO(result.message);
    CHECK(result.ok);
  }
  CHECK(check_layer(without, unary, {random_tensor({7, 3}, 2)}).message == "");
}

TEST_CASE("Linear starts uniform within the root of its inputs") {
  Linear layer(100, 300);
  for (const Variable& parameter : layer.parameters()) {
    CHECK(max(abs(parameter.value())).item() <= 0.1);
    CHECK(max(abs(parameter.value())).item() > 0.095);
  }
}

TEST_CASE("an error inside a part of a model starts with the part's path") {
  auto net = network();
  CHECK(message_of<ShapeError>([&] { net->forward(zeros({2, 4})); }) == "0: input must be (…, 3), got (2, 4)");
  Linear alone(3, 4);
  CHECK(message_of<ShapeError>([&] { alone.forward(zeros({2, 4})); }) == "Linear: input must be (…, 3), got (2, 4)");
  CHECK_THROWS_AS(Linear(-1, 2), ValueError);
}

TEST_CASE("activations are their functions") {
  const Tensor x = random_tensor({3, 5}, 3);
  CHECK(same_bits(ReLU().forward(x).value(), relu(x)));
  CHECK(same_bits(Tanh().forward(x).value(), tanh(x)));
  CHECK(same_bits(Sigmoid().forward(x).value(), sigmoid(x)));
  CHECK(same_bits(GELU().forward(x).value(), gelu(x)));
  CHECK(same_bits(GELU(Gelu::tanh).forward(x).value(), gelu(x, Gelu::tanh)));
  CHECK(same_bits(SiLU().forward(x).value(), silu(x)));
}

TEST_CASE("Sequential runs its parts in order and names them by number") {
  auto net = network();
  const Tensor x = random_tensor({4, 3}, 4);
  CHECK(same_bits(net->forward(x).value(), (*net)[2].forward((*net)[1].forward((*net)[0].forward(x))).value()));
  std::vector<std::string> names;
  for (const auto& [name, parameter] : net->named_parameters()) {
    names.push_back(name);
  }
  CHECK(names == std::vector<std::string>{"0.weight", "0.bias", "2.weight"});
  CHECK(net->size() == 3);
  CHECK_THROWS_AS((*net)[3], IndexError);
  CHECK_THROWS_AS(net->append(nullptr), ValueError);
  CHECK(check_layer(network, unary, {x}).message == "");
  Sequential none;
  CHECK(same_bits(none.forward(x).value(), x));
}
