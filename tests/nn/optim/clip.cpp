// Clipping by norm and by value.
#include <cmath>
#include <limits>

#include <heed/nn/optim/clip.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/parallel.h>
#include <heed/tensor/random.h>
#include <heed/tensor/view.h>

#include "support/catch.h"

using namespace heed;

namespace {

Variable with_gradient(const Tensor& gradient) {
  Variable parameter(zeros_like(gradient), true);
  parameter.set_grad(gradient);
  return parameter;
}

std::vector<Variable> random_gradients(DType dtype) {
  Generator generator(11);
  std::vector<Variable> parameters;
  for (const Shape& shape : {Shape{31, 7}, Shape{}, Shape{0, 4}, Shape{300, 511}}) {
    parameters.push_back(with_gradient(randn(shape, dtype, generator)));
  }
  parameters.emplace_back(zeros({3}, dtype), true);  // has no gradient
  return parameters;
}

double plain_norm(const std::vector<Variable>& parameters) {
  double sum = 0;
  for (const Variable& parameter : parameters) {
    if (parameter.grad().defined()) {
      for (const double value : to(parameter.grad(), DType::float64).to_vector<double>()) {
        sum += value * value;
      }
    }
  }
  return std::sqrt(sum);
}

}  // namespace

TEST_CASE("clip_grad_norm returns the norm and scales to the largest one allowed") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    std::vector<Variable> parameters = random_gradients(dtype);
    const double expected = plain_norm(parameters);
    const Tensor first = clone(parameters[0].grad());
    REQUIRE(clip_grad_norm(parameters, 2.5) == Approx(expected).epsilon(1e-6));
    REQUIRE(plain_norm(parameters) == Approx(2.5).epsilon(1e-5));
    REQUIRE(parameters[0].grad().at({30, 6}) == Approx(first.at({30, 6}) * 2.5 / expected).epsilon(1e-5));
    REQUIRE_FALSE(parameters.back().grad().defined());
  }
}

TEST_CASE("clip_grad_norm is right where squares leave the range of the gradients' dtype") {
  struct Case {
    DType dtype;
    double size;
  };
  for (const auto& [dtype, size] :
       {Case{DType::float32, 2e19}, Case{DType::float32, 3.4e38}, Case{DType::float32, 1e20},
        Case{DType::float64, 1e200}, Case{DType::float64, 1.2e308}, Case{DType::float64, 1.7e308}}) {
    for (const double limit : {1.0, 1e-3}) {
      CAPTURE(dtype, size, limit);
      const Tensor gradient = full({2}, size, dtype);
      Variable parameter = with_gradient(clone(gradient));
      const double norm = std::sqrt(2.0) * size;
      REQUIRE(clip_grad_norm({parameter}, limit) == (std::isfinite(norm) ? Approx(norm).epsilon(1e-6) : Approx(norm)));
      for (const double clipped : to(parameter.grad(), DType::float64).to_vector<double>()) {
        REQUIRE(clipped == Approx(limit / std::sqrt(2.0)).epsilon(3e-7));
      }
    }
  }
  for (const auto& [dtype, size] : {Case{DType::float32, 1e-25}, Case{DType::float32, 1e-44},
                                    Case{DType::float64, 1e-200}, Case{DType::float64, 4.94065645841246544e-324}}) {
    const Tensor gradient = full({2}, size, dtype);
    const double held = gradient.at({0});
    Variable parameter = with_gradient(gradient);
    REQUIRE(clip_grad_norm({parameter}, 1) == Approx(std::sqrt(2.0) * held).epsilon(held < 1e-320 ? 0.5 : 1e-9));
    REQUIRE(parameter.grad().at({1}) == held);
  }
}

TEST_CASE("gradients whose norm is beyond float64 are scaled to any finite limit, and stay with an infinite one") {
  const double largest = std::numeric_limits<double>::max();
  const std::vector<double> before{1.7e308, 1.7e308, 1e-300};
  for (const double limit : {0.0, 1e-300, 1e-30, 1e280, 1e289, 1e290, 1e308, largest, double{INFINITY}}) {
    CAPTURE(limit);
    Variable parameter = with_gradient(from_vector(before, {3}));
    REQUIRE(std::isinf(clip_grad_norm({parameter}, limit)));
    const std::vector<double> clipped = parameter.grad().to_vector<double>();
    if (std::isinf(limit)) {
      REQUIRE(clipped == before);
      continue;
    }
    const double part = limit / std::sqrt(2.0);
    REQUIRE(clipped[0] == Approx(part).epsilon(1e-12));
    REQUIRE(clipped[1] == Approx(part).epsilon(1e-12));
    REQUIRE(clipped[2] == Approx(1e-300 * (part / 1.7e308)).epsilon(1e-12));
  }
}

TEST_CASE("the norm of large and of small gradients is that of all of them, on any number of threads") {
  const int before = num_threads();
  for (const double factor : {1e19, 1e-24}) {
    std::vector<double> norms;
    for (const int threads : {1, 2, 5}) {
      set_num_threads(threads);
      std::vector<Variable> parameters = random_gradients(DType::float32);
      for (Variable& parameter : parameters) {
        if (parameter.grad().defined()) {
          parameter.set_grad(mul(parameter.grad(), factor));
        }
      }
      const double expected = plain_norm(parameters);
      norms.push_back(clip_grad_norm(parameters, 1));
      REQUIRE(norms.back() == Approx(expected).epsilon(1e-12));
    }
    REQUIRE(norms[0] == norms[1]);
    REQUIRE(norms[0] == norms[2]);
  }
  set_num_threads(before);
  // One that is large beside one of another dtype that is not.
  REQUIRE(clip_grad_norm({with_gradient(tensor<float>({3e20F})), with_gradient(tensor<double>({4e20}))}, 1) ==
          Approx(5e20).epsilon(1e-6));
  REQUIRE(clip_grad_norm({with_gradient(zeros({3}))}, 1) == 0);
}

TEST_CASE("an infinite gradient makes the norm infinite, itself NaN and the others 0, as in PyTorch") {
  Variable parameter = with_gradient(tensor<float>({1, -INFINITY}));
  REQUIRE_THROWS_AS(clip_grad_norm({parameter}, 1, true), ValueError);
  REQUIRE(clip_grad_norm({parameter}, 1) == std::numeric_limits<double>::infinity());
  REQUIRE(parameter.grad().at({0}) == 0);
  REQUIRE(std::isnan(parameter.grad().at({1})));
  Variable both = with_gradient(tensor<float>({NAN, INFINITY}));
  REQUIRE(std::isnan(clip_grad_norm({both}, 1)));
}

TEST_CASE("clip_grad_norm leaves gradients below the limit as they are") {
  std::vector<Variable> parameters = random_gradients(DType::float32);
  const auto before = parameters[3].grad().to_vector<float>();
  clip_grad_norm(parameters, 1e6);
  REQUIRE(parameters[3].grad().to_vector<float>() == before);
}

TEST_CASE("clip_grad_norm has the same bits at any thread count") {
  const int before = num_threads();
  std::vector<double> norms;
  for (const int threads : {1, 2, 5}) {
    set_num_threads(threads);
    norms.push_back(clip_grad_norm(random_gradients(DType::float32), 1));
  }
  set_num_threads(before);
  REQUIRE(norms[0] == norms[1]);
  REQUIRE(norms[0] == norms[2]);
}

TEST_CASE("clip_grad_norm scales once a gradient that two parameters share, and a parameter listed twice") {
  const Tensor gradient = tensor<double>({3, 4});
  Variable a = with_gradient(gradient);
  Variable b = with_gradient(gradient);
  REQUIRE(clip_grad_norm({a, b, a}, 1) == Approx(std::sqrt(50.0)));
  REQUIRE(a.grad().at({0}) == Approx(3 / std::sqrt(50.0)));
  REQUIRE(b.grad().at({0}) == Approx(3 / std::sqrt(50.0)));
  Variable wide = with_gradient(expand(tensor<double>({2}), {4}));
  clip_grad_norm({wide}, 1);
  REQUIRE(wide.grad().at({3}) == Approx(0.5));
}

TEST_CASE("clip_grad_norm of a norm that is not finite throws where asked to") {
  Variable parameter = with_gradient(tensor<double>({1, std::numeric_limits<double>::quiet_NaN()}));
  REQUIRE_THROWS_AS(clip_grad_norm({parameter}, 1, true), ValueError);
  REQUIRE(parameter.grad().at({0}) == 1);
  REQUIRE(std::isnan(clip_grad_norm({parameter}, 1)));
  REQUIRE(std::isnan(parameter.grad().at({0})));
}

TEST_CASE("clip_grad_value clamps and keeps NaN") {
  Variable parameter = with_gradient(tensor<double>({-3, 0.25, 3, std::numeric_limits<double>::quiet_NaN()}));
  clip_grad_value({parameter}, 0.5);
  const auto clipped = parameter.grad().to_vector<double>();
  REQUIRE(std::vector<double>(clipped.begin(), clipped.end() - 1) == std::vector<double>{-0.5, 0.25, 0.5});
  REQUIRE(std::isnan(clipped[3]));
}

TEST_CASE("clipping refuses limits that make no sense, and takes an empty list") {
  REQUIRE_THROWS_AS(clip_grad_norm({}, -1), ValueError);
  REQUIRE_THROWS_AS(clip_grad_norm({}, std::numeric_limits<double>::quiet_NaN()), ValueError);
  REQUIRE_THROWS_AS(clip_grad_value({}, -1), ValueError);
  REQUIRE(clip_grad_norm({}, 1) == 0);
}
