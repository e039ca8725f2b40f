// RMSNorm against its formula.
#include <heed/nn/core/rms_norm.h>

#include <heed/nn/core/check_layer.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

using namespace heed;
using namespace heed::test;

TEST_CASE("RMSNorm divides by the root of the mean square of the last axes") {
  RMSNorm layer(2, {.eps = 0});
  const Tensor y = layer.forward(tensor({{3.0F, 4.0F}, {0.0F, -2.0F}})).value();
  const double root = std::sqrt(12.5);
  check_close(values(y), {3 / root, 4 / root, 0, -std::sqrt(2.0)}, 1e-6);
  CHECK(RMSNorm({2, 3}).forward(ones({4, 2, 3})).shape() == Shape{4, 2, 3});
  CHECK(RMSNorm(3).forward(zeros({2, 3})).value().to_vector<float>() == std::vector<float>(6, 0));
}

TEST_CASE("RMSNorm passes check_layer in all its forms") {
  for (const RMSNormOptions& options :
       {RMSNormOptions{}, RMSNormOptions{.eps = 1e-3}, RMSNormOptions{.elementwise_affine = false}}) {
    for (const Shape& shape : {Shape{5}, Shape{2, 5}}) {
      const auto make = [&] { return std::make_unique<RMSNorm>(shape, options); };
      const auto forward = [](RMSNorm& layer, const std::vector<Variable>& x) {
        return std::vector{layer.forward(x[0])};
      };
      CHECK(check_layer(make, forward, {random_tensor({3, 2, 5}, 2)}).message == "");
    }
  }
}

TEST_CASE("RMSNorm starts as one and checks its input") {
  RMSNorm layer({4});
  CHECK(same_bits(layer.weight().value(), ones({4})));
  CHECK(layer.state_dict().size() == 1);
  CHECK(RMSNorm(4, {.elementwise_affine = false}).state_dict().empty());
  CHECK(message_of<ShapeError>([&] { layer.forward(zeros({4, 3})); }) == "RMSNorm: input must end in (4,), got (4, 3)");
  CHECK_THROWS_AS(layer.forward(zeros({})), ShapeError);
  CHECK_THROWS_AS(RMSNorm({}), ValueError);
  CHECK_THROWS_AS(RMSNorm({4}, {.eps = -1}), ValueError);
}
