// Layer normalisation against float64 loops.
#include <heed/tensor/norm.h>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/reduce.h>

#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

constexpr double kEps = 1e-5;

Dims last_axes(const Tensor& x, int64_t axes) {
  Dims dims;
  for (int64_t i = x.rank() - axes; i < x.rank(); ++i) {
    dims.push_back(i);
  }
  return dims;
}

Shape last_sizes(const Tensor& x, int64_t axes) {
  return Shape(std::span(x.shape().begin() + (x.rank() - axes), static_cast<size_t>(axes)));
}

/// Layer normalisation in float64 by its definition.
Tensor reference(const Tensor& x, int64_t axes) {
  const Tensor wide = to(x, DType::float64);
  const Dims dims = last_axes(x, axes);
  return (wide - mean(wide, dims, true)) / sqrt(var(wide, dims, false, true) + kEps);
}

/// Σ weights · layer_norm.
double weighted(const Tensor& weights, const Tensor& x, int64_t axes, const Tensor& weight, const Tensor& bias) {
  return sum(mul(weights, layer_norm(x, axes, weight, bias, kEps).y)).item();
}

/// d f / d x by central differences; f reads x, which is moved in place.
template <class F>
std::vector<double> differences(Tensor& x, const F& f) {
  std::vector<double> result;
  double* elements = x.mutable_data<double>();
  for (int64_t i = 0; i < x.numel(); ++i) {
    const double before = elements[i];
    const double step = 1e-5;
    elements[i] = before + step;
    const double above = f();
    elements[i] = before - step;
    result.push_back((above - f()) / (2 * step));
    elements[i] = before;
  }
  return result;
}

}  // namespace

TEST_CASE("layer_norm agrees with its definition over any number of last axes") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const double tolerance = dtype == DType::float32 ? 1e-5 : 1e-12;
    const Tensor x = random_tensor({3, 4, 5, 7}, 1, dtype, -3, 9);
    for (int64_t axes = 1; axes <= 4; ++axes) {
      const Shape sizes = last_sizes(x, axes);
      const Tensor weight = random_tensor(sizes, 2, dtype), bias = random_tensor(sizes, 3, dtype);
      const LayerNormResult plain = layer_norm(x, axes, Tensor(), Tensor(), kEps);
      check_close(plain.y, reference(x, axes), tolerance);
      check_close(plain.mean, mean(x, last_axes(x, axes)), tolerance);
      check_close(plain.inverse_deviation, 1.0 / sqrt(var(x, last_axes(x, axes), false) + kEps), tolerance);
      const LayerNormResult scaled = layer_norm(x, axes, weight, bias, kEps);
      check_close(scaled.y, reference(x, axes) * to(weight, DType::float64) + to(bias, DType::float64), 2 * tolerance);
      CHECK(same_bits(layer_norm(strided(x), axes, strided(weight), strided(bias), kEps).y, scaled.y));
      check_close(layer_norm(x, axes, weight, Tensor(), kEps).y, scaled.y - bias, 2 * tolerance);
    }
  }
  CHECK(layer_norm(zeros({0, 3}), 1, Tensor(), Tensor(), kEps).y.shape() == Shape{0, 3});
  CHECK(layer_norm(zeros({3, 0}), 1, Tensor(), Tensor(), kEps).mean.shape() == Shape{3});
}

TEST_CASE("the gradients of layer_norm agree with differences") {
  Tensor x = random_tensor({3, 4, 5}, 4, DType::float64);
  const Tensor grad = random_tensor({3, 4, 5}, 5, DType::float64);
  for (int64_t axes = 1; axes <= 3; ++axes) {
    const Shape sizes = last_sizes(x, axes);
    Tensor weight = random_tensor(sizes, 6, DType::float64), bias = random_tensor(sizes, 7, DType::float64);
    const LayerNormResult result = layer_norm(x, axes, weight, bias, kEps);
    const auto loss = [&] { return weighted(grad, x, axes, weight, bias); };
    const LayerNormGradients gradients =
        layer_norm_backward(grad, x, axes, result.mean, result.inverse_deviation, weight);
    check_close(values(gradients.x), differences(x, loss), 1e-7);
    check_close(values(gradients.weight), differences(weight, loss), 1e-7);
    check_close(values(gradients.bias), differences(bias, loss), 1e-7);
    const LayerNormGradients apart =
        layer_norm_backward(strided(grad), strided(x), axes, result.mean, result.inverse_deviation, strided(weight));
    CHECK(same_bits(apart.x, gradients.x));
    CHECK(same_bits(apart.weight, gradients.weight));
    const LayerNormGradients plain =
        layer_norm_backward(grad, x, axes, result.mean, result.inverse_deviation, Tensor());
    CHECK_FALSE(plain.weight.defined());
    CHECK_FALSE(plain.bias.defined());
    check_close(values(plain.x), differences(x, [&] { return weighted(grad, x, axes, Tensor(), Tensor()); }), 1e-7);
  }
}

TEST_CASE("layer_norm gives the same bits on any number of threads and for a row alone") {
  const Tensor x = random_tensor({400, 129}, 8), grad = random_tensor({400, 129}, 9), weight = random_tensor({129}, 10);
  const LayerNormResult whole = layer_norm(x, 1, weight, weight, kEps);
  CHECK(same_bits(layer_norm(select(x, 0, 17), 1, weight, weight, kEps).y, select(whole.y, 0, 17)));
  check_threads([&] { return layer_norm(x, 1, weight, weight, kEps).y; });
  const auto backward = [&] { return layer_norm_backward(grad, x, 1, whole.mean, whole.inverse_deviation, weight); };
  check_threads([&] { return backward().x; });
  check_threads([&] { return backward().weight; });
  check_threads([&] { return backward().bias; });
}

TEST_CASE("layer_norm refuses what does not fit and says why") {
  CHECK(message_of<ShapeError>([] {
          layer_norm(ones({2, 3}), 3, Tensor(), Tensor(), kEps);
        }) == "layer_norm: needs 1 to 2 axes of (2, 3), got 3");
  CHECK(message_of<ShapeError>([] {
          layer_norm(ones({2, 3}), 1, ones({2}), Tensor(), kEps);
        }) == "layer_norm: the weight must be (3,), got (2,)");
  CHECK_THROWS_AS(layer_norm(ones({2, 3}), 1, ones({3}), ones({1, 3}), kEps), ShapeError);
  CHECK_THROWS_AS(layer_norm(ones({2, 3}), 1, ones({3}, DType::float64), Tensor(), kEps), DTypeError);
  CHECK_THROWS_AS(layer_norm(ones({2, 3}, DType::int64), 1, Tensor(), Tensor(), kEps), DTypeError);
  CHECK_THROWS_AS(layer_norm_backward(ones({2, 2}), ones({2, 3}), 1, ones({2}), ones({2}), Tensor()), ShapeError);
}
