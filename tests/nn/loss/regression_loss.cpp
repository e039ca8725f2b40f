// mse_loss, l1_loss and huber_loss beside their formulas.
#include <heed/nn/loss/regression_loss.h>

#include <cmath>
#include <functional>

#include <heed/autograd/gradcheck.h>
#include <heed/tensor/error.h>

#include "support/message.h"
#include "support/reference.h"

using namespace heed;
using test::random_tensor;

namespace {

using Loss = std::function<Variable(const Variable&, const Variable&, Reduction)>;

/// Values and gradients of `loss`, which is `element` of each difference, at several shapes and reductions.
void check_loss(const Loss& loss, const std::function<double(double)>& element) {
  for (const Shape& shape : {Shape{5, 3}, Shape{}, Shape{7}, Shape{1, 1}}) {
    const Tensor x = random_tensor(shape, 1, DType::float64), t = random_tensor(shape, 2, DType::float64);
    std::vector<double> expected = test::values(x);
    const std::vector<double> targets = test::values(t);
    double total = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
      expected[i] = element(expected[i] - targets[i]);
      total += expected[i];
    }
    test::check_close(test::values(loss(x, t, Reduction::none).value()), expected, 1e-12);
    CHECK(loss(x, t, Reduction::sum).item() == Approx(total));
    CHECK(loss(x, t, Reduction::mean).item() == Approx(total / static_cast<double>(expected.size())));
    CHECK(test::same_bits(loss(test::strided(x), test::strided(t), Reduction::none).value(),
                          loss(x, t, Reduction::none).value()));
    for (const Reduction reduction : {Reduction::none, Reduction::sum, Reduction::mean}) {
      const VariableFunction function = [&](const std::vector<Variable>& in) {
        return std::vector<Variable>{loss(in[0], in[1], reduction)};
      };
      const std::vector<Variable> inputs{Variable(x, true), Variable(t, true)};
      CHECK(gradcheck(function, inputs).ok);
      CHECK(gradgradcheck(function, inputs).ok);
    }
  }
  CHECK(loss(zeros({0, 3}), zeros({0, 3}), Reduction::none).shape() == Shape{0, 3});
  CHECK(std::isnan(loss(zeros({0, 3}), zeros({0, 3}), Reduction::mean).item()));
  CHECK_THROWS_AS(loss(zeros({2, 3}), zeros({3}), Reduction::mean), ShapeError);
  CHECK_THROWS_AS(loss(zeros({2}), zeros({2}, DType::float64), Reduction::mean), DTypeError);
}

}  // namespace

TEST_CASE("mse_loss is the squared difference, with its gradients") {
  check_loss([](const Variable& x, const Variable& t, Reduction r) { return mse_loss(x, t, r); },
             [](double d) { return d * d; });
}

TEST_CASE("l1_loss is the distance, with its gradients") {
  check_loss([](const Variable& x, const Variable& t, Reduction r) { return l1_loss(x, t, r); },
             [](double d) { return std::abs(d); });
}

TEST_CASE("huber_loss is a parabola inside delta and a line outside, with its gradients") {
  for (const double delta : {1.0, 0.3, 5.0}) {
    check_loss([delta](const Variable& x, const Variable& t, Reduction r) { return huber_loss(x, t, delta, r); },
               [delta](double d) { return std::abs(d) <= delta ? d * d / 2 : delta * (std::abs(d) - delta / 2); });
  }
  CHECK(huber_loss(full({1}, 1e30), zeros({1})).item() == Approx(1e30));
  CHECK(message_of<ValueError>([] { huber_loss(zeros({1}), zeros({1}), 0); }) ==
        "huber_loss: delta must be above 0, got 0");
}

TEST_CASE("smooth_l1_loss is a parabola inside beta and a line outside, and l1_loss without an inside") {
  for (const double beta : {1.0, 0.3, 5.0}) {
    check_loss([beta](const Variable& x, const Variable& t, Reduction r) { return smooth_l1_loss(x, t, beta, r); },
               [beta](double d) { return std::abs(d) < beta ? d * d / (2 * beta) : std::abs(d) - beta / 2; });
  }
  check_loss([](const Variable& x, const Variable& t, Reduction r) { return smooth_l1_loss(x, t, 0, r); },
             [](double d) { return std::abs(d); });
  const auto of = [](double difference, double beta, DType dtype) {
    return smooth_l1_loss(full({1}, difference, dtype), zeros({1}, dtype), beta).item();
  };
  CHECK(of(1e21, 1e20, DType::float32) == Approx(9.5e20));
  CHECK(of(-2, 1e-46, DType::float32) == 2);  // such a beta is 0 in float32
  CHECK(of(1e-300, 1e-300, DType::float64) == Approx(5e-301).epsilon(1e-12).margin(0));
  CHECK(message_of<ValueError>([] { smooth_l1_loss(zeros({1}), zeros({1}), -1); }) ==
        "smooth_l1_loss: beta must be 0 or more, got -1");
  CHECK(message_of<ValueError>([] { smooth_l1_loss(Variable(), Variable()); }).starts_with("smooth_l1_loss: "));
}
