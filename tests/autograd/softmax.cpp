// Masks, and what counts in a cross-entropy.
#include <heed/autograd/softmax.h>

#include <cmath>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
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

TEST_CASE("what a mask hides reaches no weight and no gradient, be it NaN, at first and second order") {
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

TEST_CASE("an ignored row adds nothing to a cross-entropy and gets no gradient, be it NaN") {
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

}  // namespace
}  // namespace heed::test
