// Initialisers: their distributions, bounds and determinism.
#include <heed/nn/core/init.h>

#include <cmath>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/reduce.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

Variable parameter(const Shape& shape, DType dtype = DType::float64) { return Variable(zeros(shape, dtype), true); }

double deviation(const Variable& x) { return std::sqrt(var(x.value()).item()); }
double largest(const Variable& x) { return max(abs(x.value())).item(); }

/// Q Qᵀ of the rows, or of the columns where there are fewer.
Tensor products(const Tensor& x) {
  const Tensor matrix = reshape(x, {x.size(0), x.size(0) == 0 ? 0 : x.numel() / x.size(0)});
  const Tensor turned = transpose(matrix, 0, 1);
  return matrix.size(0) <= matrix.size(1) ? matmul(matrix, turned) : matmul(turned, matrix);
}

}  // namespace

TEST_CASE("uniform_ and normal_ have the mean and deviation they are asked for") {
  Generator generator(1);
  Variable x = parameter({300, 211});
  uniform_(x, -3, 1, generator);
  CHECK(mean(x.value()).item() == Approx(-1).margin(0.02));
  CHECK(deviation(x) == Approx(4 / std::sqrt(12.0)).epsilon(0.01));
  CHECK(min(x.value()).item() >= -3);
  CHECK(max(x.value()).item() < 1);
  normal_(x, 2, 0.5, generator);
  CHECK(mean(x.value()).item() == Approx(2).margin(0.01));
  CHECK(deviation(x) == Approx(0.5).epsilon(0.01));
  constant_(x, 7);
  CHECK(same_bits(x.value(), full({300, 211}, 7, DType::float64)));
}

TEST_CASE("xavier and kaiming scale by their fans and gains") {
  Generator generator(2);
  Variable x = parameter({200, 100, 3});
  xavier_normal_(x, 2, generator);
  CHECK(deviation(x) == Approx(2 * std::sqrt(2.0 / 900)).epsilon(0.02));
  xavier_uniform_(x, 2, generator);
  CHECK(deviation(x) == Approx(2 * std::sqrt(2.0 / 900)).epsilon(0.02));
  CHECK(largest(x) == Approx(2 * std::sqrt(6.0 / 900)).epsilon(0.001));
  kaiming_normal_(x, {.nonlinearity = Gain::relu}, generator);
  CHECK(deviation(x) == Approx(std::sqrt(2.0 / 300)).epsilon(0.02));
  kaiming_uniform_(x, {.negative_slope = std::sqrt(5.0)}, generator);
  CHECK(largest(x) == Approx(1 / std::sqrt(300.0)).epsilon(0.001));
  kaiming_uniform_(x, {.fan = Fan::out, .nonlinearity = Gain::tanh}, generator);
  CHECK(largest(x) == Approx(5.0 / 3 * std::sqrt(3.0 / 600)).epsilon(0.001));
}

TEST_CASE("orthogonal_ gives orthonormal rows, or columns where there are fewer") {
  Generator generator(3);
  for (const Shape& shape : {Shape{5, 9}, Shape{9, 5}, Shape{7, 7}, Shape{4, 3, 2}, Shape{1, 1}, Shape{0, 3}}) {
    Variable x = parameter(shape);
    orthogonal_(x, 3, generator);
    const Tensor product = products(x.value());
    check_close(product, eye(product.size(0), DType::float64) * 9.0, 1e-12);
  }
}

TEST_CASE("an initialiser repeats itself for a seed and takes float32") {
  for (const auto init :
       {+[](Variable&x, Generator&g) { uniform_(x, 0, 1, g); }, +[](Variable&x, Generator&g) { normal_(x, 0, 1, g); },
        +[](Variable&x, Generator&g) { orthogonal_(x, 1, g); },
        +[](Variable&x, Generator&g) { kaiming_normal_(x, {}, g); }}) {
    Generator first(5), second(5), other(6);
    Variable a = parameter({4, 7}, DType::float32), b = parameter({4, 7}, DType::float32);
    init(a, first);
    init(b, second);
    CHECK(same_bits(a.value(), b.value()));
    init(b, other);
    CHECK_FALSE(same_bits(a.value(), b.value()));
  }
}

TEST_CASE("initialisers take weights without elements and refuse those without fans") {
  Generator generator(4);
  Variable none = parameter({3, 0}), bias = parameter({3});
  kaiming_uniform_(none, {}, generator);
  xavier_normal_(none, 1, generator);
  const std::string rule = ": a weight must have two axes or more, got (3,)";
  CHECK(message_of<ShapeError>([&] { xavier_uniform_(bias); }) == "xavier_uniform_" + rule);
  CHECK(message_of<ShapeError>([&] { xavier_normal_(bias); }) == "xavier_normal_" + rule);
  CHECK(message_of<ShapeError>([&] { kaiming_uniform_(bias); }) == "kaiming_uniform_" + rule);
  CHECK(message_of<ShapeError>([&] { kaiming_normal_(bias); }) == "kaiming_normal_" + rule);
  CHECK(message_of<ShapeError>([&] { calculate_fan({3}, Fan::in); }) == "calculate_fan" + rule);
  CHECK_THROWS_AS(orthogonal_(bias), ShapeError);
  CHECK_THROWS_AS(normal_(bias, 0, -1), ValueError);
}
