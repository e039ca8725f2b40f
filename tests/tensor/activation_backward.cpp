// Gradients of activations in one pass.
#include <heed/tensor/detail/activation_backward.h>

#include <cmath>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

namespace heed::test {

TEST_CASE("the gradient of relu passes where its result is above zero or NaN") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    for (const Shape& shape : {Shape{}, Shape{0}, Shape{3, 7}, Shape{40000}}) {
      Tensor y = relu(random_tensor(shape, 1, dtype));
      const Tensor grad = random_tensor(shape, 2, dtype);
      const Tensor want = masked_fill(grad, le(y, 0), 0);
      CHECK(same_bits(relu_backward(grad, y), want));
      if (shape.rank() == 2) {
        CHECK(same_bits(relu_backward(strided(grad), strided(y)), want));
      }
      fill_(y, std::nan(""));
      CHECK(same_bits(relu_backward(grad, y), grad));
    }
  }
  CHECK_THROWS_AS(relu_backward(zeros({2}), zeros({3})), ShapeError);
  CHECK_THROWS_AS(relu_backward(zeros({2}), zeros({2}, DType::float64)), DTypeError);
}

TEST_CASE("the gradients of sigmoid and tanh in one pass are those of their formulas") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const double tolerance = dtype == DType::float32 ? 1e-6 : 1e-15;
    for (const Shape& shape : {Shape{}, Shape{0}, Shape{3, 7}, Shape{40000}}) {
      const Tensor x = random_tensor(shape, 1, dtype), grad = random_tensor(shape, 2, dtype);
      const Tensor s = sigmoid(x), t = tanh(x);
      check_close(sigmoid_backward(grad, s), grad * s * (1.0 - s), tolerance);
      check_close(tanh_backward(grad, t), grad * (1.0 - t * t), tolerance);
      if (shape.rank() == 2) {
        CHECK(same_bits(sigmoid_backward(strided(grad), strided(s)), sigmoid_backward(grad, s)));
        CHECK(same_bits(tanh_backward(strided(grad), strided(t)), tanh_backward(grad, t)));
      }
    }
  }
  CHECK_THROWS_AS(tanh_backward(zeros({2}), zeros({3})), ShapeError);
  CHECK_THROWS_AS(sigmoid_backward(zeros({2}), zeros({2}, DType::float64)), DTypeError);
}

}  // namespace heed::test
