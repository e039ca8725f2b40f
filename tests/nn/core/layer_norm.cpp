// LayerNorm against its formula.
#include <heed/nn/core/layer_norm.h>

#include <heed/nn/core/check_layer.h>
#include <heed/nn/core/init.h>
#include <heed/tensor/error.h>

#include "support/lines.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

const auto forward = [](LayerNorm& layer, const std::vector<Variable>& x) { return std::vector{layer.forward(x[0])}; };

/// With weights that are not all one.
std::unique_ptr<LayerNorm> made(const Shape& shape, const LayerNormOptions& options = {}) {
  auto layer = std::make_unique<LayerNorm>(shape, options);
  for (Variable parameter : layer->parameters()) {
    normal_(parameter);
  }
  return layer;
}

}  // namespace

TEST_CASE("LayerNorm normalises over the last axes") {
  const auto layer = made({2, 3}, {.eps = 0.1});
  const Tensor x = strided(random_tensor({4, 2, 3}, 1));
  const Tensor y = layer->forward(x).value();
  for (int64_t n = 0; n < 4; ++n) {
    const auto line = [](const Tensor& t) { return line_of(values(t)); };
    const Line want =
        NormOfLine(line(select(x, 0, n)), 0.1L).scaled(line(layer->weight().value()), line(layer->bias().value()));
    check_close(values(select(y, 0, n)), {want.begin(), want.end()}, 1e-5);
  }
}

TEST_CASE("LayerNorm passes check_layer in all its forms") {
  for (const LayerNormOptions& options :
       {LayerNormOptions{}, LayerNormOptions{.elementwise_affine = false}, LayerNormOptions{.bias = false}}) {
    for (const Shape& shape : {Shape{5}, Shape{2, 5}}) {
      const auto make = [&] { return made(shape, options); };
      CHECK(check_layer(make, forward, {random_tensor({3, 2, 5}, 2)}).message == "");
    }
  }
}

TEST_CASE("LayerNorm starts as one and zero and checks its input") {
  LayerNorm layer({4});
  CHECK(same_bits(layer.weight().value(), ones({4})));
  CHECK(same_bits(layer.bias().value(), zeros({4})));
  CHECK(layer.forward(zeros({0, 4})).shape() == Shape{0, 4});
  CHECK(message_of<ShapeError>([&] {
          layer.forward(zeros({4, 3}));
        }) == "LayerNorm: input must end in (4,), got (4, 3)");
  CHECK_THROWS_AS(layer.forward(zeros({})), ShapeError);
  CHECK_THROWS_AS(LayerNorm({}), ValueError);
  CHECK_THROWS_AS(LayerNorm({4}, {.eps = -1}), ValueError);
}
