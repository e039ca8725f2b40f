// Layer normalisation against its formulas.
#include <heed/tensor/norm.h>

#include <heed/tensor/detail/norm.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

#include "support/lines.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

constexpr double kEps = 1e-5;

Shape last_sizes(const Tensor& x, int64_t axes) {
  return Shape(std::span(x.shape().begin() + (x.rank() - axes), static_cast<size_t>(axes)));
}

struct Reference {
  std::vector<double> y, mean, inverse_deviation, dx, dweight, dbias;
};

/// Row by row; weight and bias may be undefined.
Reference reference(const Tensor& x, int64_t axes, const Tensor& weight, const Tensor& bias, const Tensor& grad) {
  const int64_t size = last_sizes(x, axes).numel();
  const auto line = [](const Tensor& t) { return t.defined() ? line_of(values(t)) : Line(); };
  const Line gamma = line(weight), beta = line(bias);
  Reference result;
  result.dweight.resize(static_cast<size_t>(size));
  result.dbias = result.dweight;
  const auto append = [](std::vector<double>& all, const Line& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  const Tensor rows = reshape(x, {-1, size}), grads = reshape(grad, {-1, size});
  for (int64_t row = 0; row < rows.size(0); ++row) {
    const NormOfLine norm(line(select(rows, 0, row)), kEps);
    const Line g = line(select(grads, 0, row));
    append(result.y, norm.scaled(gamma, beta));
    append(result.dx, norm.gradient(g, gamma));
    append(result.mean, {norm.mean});
    append(result.inverse_deviation, {norm.inverse_deviation});
    for (size_t i = 0; i < g.size(); ++i) {
      result.dweight[i] += static_cast<double>(g[i] * norm.normalised[i]);
      result.dbias[i] += static_cast<double>(g[i]);
    }
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
      const Reference wanted = reference(x, axes, Tensor(), Tensor(), x);
      check_close(values(plain.y), wanted.y, tolerance);
      check_close(values(plain.mean), wanted.mean, tolerance);
      check_close(values(plain.inverse_deviation), wanted.inverse_deviation, tolerance);
      const LayerNormResult scaled = layer_norm(x, axes, weight, bias, kEps);
      check_close(values(scaled.y), reference(x, axes, weight, bias, x).y, 2 * tolerance);
      CHECK(same_bits(layer_norm(strided(x), axes, strided(weight), strided(bias), kEps).y, scaled.y));
      check_close(layer_norm(x, axes, weight, Tensor(), kEps).y, scaled.y - bias, 2 * tolerance);
    }
  }
  CHECK(layer_norm(zeros({0, 3}), 1, Tensor(), Tensor(), kEps).y.shape() == Shape{0, 3});
  CHECK(layer_norm(zeros({3, 0}), 1, Tensor(), Tensor(), kEps).mean.shape() == Shape{3});
}

TEST_CASE("the gradients of layer_norm agree with their formulas") {
  const Tensor x = random_tensor({3, 4, 5}, 4, DType::float64);
  const Tensor grad = random_tensor({3, 4, 5}, 5, DType::float64);
  for (int64_t axes = 1; axes <= 3; ++axes) {
    const Shape sizes = last_sizes(x, axes);
    const Tensor weight = random_tensor(sizes, 6, DType::float64), bias = random_tensor(sizes, 7, DType::float64);
    const LayerNormResult result = layer_norm(x, axes, weight, bias, kEps);
    const Reference wanted = reference(x, axes, weight, bias, grad);
    const LayerNormGradients gradients =
        layer_norm_backward(grad, x, axes, result.mean, result.inverse_deviation, weight);
    check_close(values(gradients.x), wanted.dx, 1e-12);
    check_close(values(gradients.weight), wanted.dweight, 1e-12);
    check_close(values(gradients.bias), wanted.dbias, 1e-12);
    const LayerNormGradients apart =
        layer_norm_backward(strided(grad), strided(x), axes, result.mean, result.inverse_deviation, strided(weight));
    CHECK(same_bits(apart.x, gradients.x));
    CHECK(same_bits(apart.weight, gradients.weight));
    const LayerNormGradients plain =
        layer_norm_backward(grad, x, axes, result.mean, result.inverse_deviation, Tensor());
    CHECK_FALSE(plain.weight.defined());
    CHECK_FALSE(plain.bias.defined());
    check_close(values(plain.x), reference(x, axes, Tensor(), Tensor(), grad).dx, 1e-12);
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
