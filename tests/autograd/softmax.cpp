// Masks, and what counts in a cross-entropy.
#include <heed/autograd/softmax.h>

#include <cmath>
#include <limits>
#include <utility>

#include <heed/autograd/backward.h>
#include <heed/autograd/detail/composites.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/gradcheck.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

namespace heed::test {
namespace {

const double kNaN = std::nan("");

bool all_zero(const Tensor& x) {
  for (const double value : values(x)) {
    if (value != 0) {
      return false;
    }
  }
  return true;
}

TEST_CASE("what a mask hides reaches no weight and no gradient, even if it is NaN, at first and second order") {
  const Tensor mask = to(from_vector<double>({0, 1, 0, 1, 1, 1}, {2, 3}), DType::boolean);
  const Variable x(from_vector<double>({1, kNaN, 2, kNaN, INFINITY, -INFINITY}, {2, 3}), true);
  const Variable clean(from_vector<double>({1, 0, 2, 0, 0, 0}, {2, 3}), true);
  const Variable cotangent(from_vector<double>({1, kNaN, -3, kNaN, kNaN, 4}, {2, 3}), true);
  const Variable clean_cotangent(from_vector<double>({1, 0, -3, 0, 0, 0}, {2, 3}), true);
  for (const bool create_graph : {false, true}) {
    const auto slope = [&](const Variable& input, const Variable& weight) {
      return grad({masked_softmax(input, mask)}, {input}, {.gradients = {weight}, .create_graph = create_graph})[0];
    };
    const Variable broken = slope(x, cotangent), right = slope(clean, clean_cotangent);
    check_close(broken.value(), right.value(), 1e-15);
    if (create_graph) {
      const auto second = grad({sum(broken * broken)}, {x, cotangent});
      const auto expected = grad({sum(right * right)}, {clean, clean_cotangent});
      check_close(second[0].value(), expected[0].value(), 1e-15);
      check_close(second[1].value(), expected[1].value(), 1e-15);
    }
  }
  const Tensor y = masked_softmax(x, mask).value();
  CHECK(y.at({0, 1}) == 0);
  CHECK(all_zero(select(y, 0, 1)));
}

TEST_CASE("gradients of softmax and log_softmax that fit are right where the sums behind them do not") {
  const std::vector<float> logits{0.5F, -1, 0, 2}, weights{3e38F, -3e38F, 3e38F, 3e38F};
  const Variable x(from_vector(logits, {4}), true), wide(to(x.value(), DType::float64), true);
  const Variable cotangent = from_vector(weights, {4}), wide_cotangent = to(cotangent.value(), DType::float64);
  for (const auto& function : std::vector<Variable (*)(const Variable&)>{
           [](const Variable& a) { return softmax(a, -1); }, [](const Variable& a) { return log_softmax(a, -1); }}) {
    const Tensor wanted = grad({function(wide)}, {wide}, {.gradients = {wide_cotangent}})[0].value();
    for (const bool create_graph : {false, true}) {
      const Tensor got = grad({function(x)}, {x}, {.gradients = {cotangent}, .create_graph = create_graph})[0].value();
      for (int64_t i = 0; i < 4; ++i) {
        CAPTURE(create_graph, i);
        if (std::abs(wanted.at({i})) < 3e38) {
          CHECK(got.at({i}) == Approx(wanted.at({i})).epsilon(1e-5));
        }
      }
    }
  }
}

TEST_CASE("an ignored row adds nothing to a cross-entropy and gets no gradient, even if it is NaN") {
  const Tensor target = from_vector<int64_t>({2, -100, 0}, {3});
  for (const Reduction reduction : {Reduction::none, Reduction::sum, Reduction::mean}) {
    for (const auto& function : {&cross_entropy, &cross_entropy_composite}) {
      Variable logits(random_tensor({3, 4}, 1, DType::float64), true);
      Tensor row = select(logits.mutable_value(), 0, 1);
      fill_(row, kNaN);
      const Variable loss = function(logits, target, {.label_smoothing = 0.1, .reduction = reduction});
      CHECK(all_finite(loss.value()));
      backward(sum(loss));
      CHECK(all_finite(logits.grad()));
      CHECK(all_zero(select(logits.grad(), 0, 1)));
    }
  }
}

TEST_CASE("the mean of no targets is NaN, their sum 0") {
  const Tensor target = full({2}, -100, DType::int64);
  const Variable logits(random_tensor({2, 3}, 1), true);
  CHECK(std::isnan(cross_entropy(logits, target).item()));
  CHECK(cross_entropy(logits, target, {.reduction = Reduction::sum}).item() == 0);
}

TEST_CASE("cross-entropy stays finite for logits of any size") {
  const Variable logits(from_vector<double>({1000, -1000, 0}, {1, 3}), true);
  const Variable loss = cross_entropy(logits, from_vector<int64_t>({1}, {1}));
  CHECK(loss.item() == 2000);
  backward(loss);
  check_close(values(logits.grad()), {1, -1, 0}, 1e-15);
}

TEST_CASE("cross-entropy refuses targets and shapes that make no sense") {
  const Variable logits(random_tensor({2, 3}, 1), true);
  CHECK_THROWS_AS(cross_entropy(logits, from_vector<int64_t>({0, 3}, {2})), IndexError);
  CHECK_THROWS_AS(cross_entropy(logits, from_vector<int64_t>({0}, {1})), ShapeError);
  CHECK_THROWS_AS(cross_entropy(logits, zeros({2})), DTypeError);
  CHECK_THROWS_AS(cross_entropy(logits, from_vector<int64_t>({0, 1}, {2}), {.label_smoothing = 1.5}), ValueError);
}

constexpr double kLargest = std::numeric_limits<float>::max();

/// {value, gradient} of f at x, (1, C), in float32.
template <class F>
std::pair<std::vector<double>, std::vector<double>> value_and_gradient(const std::vector<double>& x, const F& f,
                                                                       bool create_graph) {
  const Variable in(to(from_vector(x, {1, static_cast<int64_t>(x.size())}), DType::float32), true);
  const Variable y = f(in);
  return {values(y.value()), values(grad({sum(y)}, {in}, {.create_graph = create_graph})[0].value())};
}

TEST_CASE("the gradient of logsumexp is softmax, also of elements beside which the logarithm of their number is lost") {
  for (const bool create_graph : {false, true}) {
    for (const double size : {1.0, 1e4, 1e20, kLargest, -1e20, -kLargest}) {
      CAPTURE(size, create_graph);
      const auto over = [&](const Dims& dims) {
        const std::vector<double> x{size, -kLargest, size, size, size};
        return value_and_gradient(
            x, [&](const Variable& in) { return logsumexp(in, dims); }, create_graph);
      };
      const double share = size == -kLargest ? 0.2 : 0.25;
      const std::vector<double> want{share, size == -kLargest ? share : 0, share, share, share};
      check_close(over({1}).second, want, 1e-6);
      check_close(over({0, 1}).second, want, 1e-6);
    }
  }
}

TEST_CASE("a smoothed cross-entropy has a number wherever it is below the largest one") {
  const auto smoothed = [](const std::vector<double>& x, double smoothing) {
    const auto loss = [&](const Variable& in) {
      return cross_entropy(in, tensor<int64_t>({1}), {.label_smoothing = smoothing});
    };
    return value_and_gradient(x, loss, false).first;
  };
  check_close(smoothed({0, -2e38, -2e38}, 0.1), {0.9 * 2e38 + 0.1 * 4e38 / 3}, 1e-6);
  check_close(smoothed({kLargest, -kLargest, 0}, 1), {kLargest}, 1e-6);
  check_close(smoothed({kLargest, kLargest / 2, -kLargest}, 0.1), {(0.45 + 0.25 / 3) * kLargest}, 1e-6);
  check_close(smoothed({-kLargest, -kLargest, -kLargest}, 0.1), {std::log(3)}, 1e-6);
}

}  // namespace
TEST_CASE("cross_entropy takes logits of any rank") {
  const Tensor logits = random_tensor({2, 3, 4}, 1, DType::float64);
  const Tensor target = reshape(tensor<int64_t>({0, 3, -100, 1, 1, 2}), {2, 3});
  for (const Reduction reduction : {Reduction::none, Reduction::sum, Reduction::mean}) {
    const CrossEntropyOptions options{.label_smoothing = 0.1, .reduction = reduction};
    const Tensor flat = cross_entropy(reshape(logits, {6, 4}), reshape(target, {6}), options).value();
    const Tensor loss = cross_entropy(logits, target, options).value();
    CHECK(loss.shape() == (reduction == Reduction::none ? Shape{2, 3} : Shape{}));
    CHECK(same_bits(reshape(loss, flat.shape()), flat));
    const VariableFunction function = [&](const std::vector<Variable>& in) {
      return std::vector{cross_entropy(in[0], target, options)};
    };
    CHECK(gradcheck(function, {Variable(logits, true)}).message == "");
  }
  const Tensor one = cross_entropy(select(select(logits, 0, 0), 0, 1), scalar(3, DType::int64)).value();
  check_close(one, cross_entropy(slice(select(logits, 0, 0), 0, 1, 2), tensor<int64_t>({3})).value(), 1e-15);
  CHECK(cross_entropy(zeros({0, 3, 4}), zeros({0, 3}, DType::int64), {.reduction = Reduction::sum}).item() == 0);
  CHECK_THROWS_AS(cross_entropy(logits, reshape(target, {3, 2})), ShapeError);
  CHECK_THROWS_AS(cross_entropy(scalar(1), scalar(0, DType::int64)), ShapeError);
}

}  // namespace heed::test
