// Softmax, its masked form, cross-entropy and their gradients against references.
#include <heed/tensor/softmax.h>

#include <algorithm>
#include <limits>
#include <utility>

#include <heed/tensor/detail/softmax.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/reduce.h>

#include "support/array.h"
#include "support/lines.h"

using namespace heed;
using namespace heed::test;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double tolerance(DType dtype) { return dtype == DType::float32 ? 3e-6 : 1e-13; }

/// f(lines of the tensors along `axis`).
template <class F>
std::vector<double> lines_of(const std::vector<Tensor>& x, int64_t axis, const F& f) {
  Arrays arrays;
  std::transform(x.begin(), x.end(), std::back_inserter(arrays), [](const Tensor& each) { return array_of(each); });
  return along<Line>(arrays, axis, f).values;
}

/// The gradient of cross_entropy_rows, and the losses; 0 where the target is negative.
std::pair<std::vector<double>, std::vector<double>> reference_rows(const Tensor& grad, const Tensor& logits,
                                                                   const Tensor& target, double smoothing) {
  std::pair<std::vector<double>, std::vector<double>> result;
  for (int64_t row = 0; row < logits.size(0); ++row) {
    const auto wanted = static_cast<int64_t>(target.at({row}));
    const Line x = line_of(values(select(logits, 0, row)));
    result.first.push_back(wanted < 0 ? 0 : static_cast<double>(cross_entropy_of(x, wanted, smoothing)));
    for (const Real each : cross_entropy_gradient(x, std::max<int64_t>(wanted, 0), smoothing)) {
      result.second.push_back(wanted < 0 ? 0 : grad.at({row}) * static_cast<double>(each));
    }
  }
  return result;
}

}  // namespace

TEST_CASE("softmax and log_softmax agree with their definitions along every axis and layout") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    for (const Shape& shape : {Shape{1}, Shape{37}, Shape{3, 5}, Shape{4, 3, 7}, Shape{2, 300}}) {
      const Tensor x = random_tensor(shape, 1, dtype, -8, 8);
      for (int64_t axis = 0; axis < x.rank(); ++axis) {
        const Tensor y = softmax(x, axis), z = log_softmax(x, axis - x.rank());
        CHECK(y.is_contiguous());
        check_close(values(y), lines_of({x}, axis, [](const auto& l) { return softmax_of(l[0]); }), tolerance(dtype));
        check_close(values(z), lines_of({x}, axis, [](const auto& l) { return log_softmax_of(l[0]); }),
                    tolerance(dtype));
        CHECK(same_bits(softmax(strided(x), axis), y));
        CHECK(same_bits(log_softmax(strided(x), axis), z));
      }
    }
    const Tensor extreme = from_vector<double>({1e300, 1e300, -1e300}, {3});
    check_close(softmax(extreme, 0), tensor<double>({0.5, 0.5, 0}), 1e-15);
    CHECK(softmax(zeros({3, 0}, dtype), 1).shape() == Shape{3, 0});
    CHECK(softmax(zeros({0, 3}, dtype), 0).shape() == Shape{0, 3});
    CHECK(log_softmax(zeros({0, 3}, dtype), 1).shape() == Shape{0, 3});
  }
}

TEST_CASE("masked_softmax is softmax over what the mask leaves, under any broadcast of the mask") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Tensor x = random_tensor({4, 3, 21}, 2, dtype, -8, 8);
    for (const Shape& shape :
         {Shape{4, 3, 21}, Shape{21}, Shape{4, 1, 21}, Shape{4, 3, 1}, Shape{3, 1}, Shape{}, Shape{1}}) {
      const Tensor mask = random_tensor(shape, 3, DType::boolean);
      const Tensor y = masked_softmax(x, mask);
      const Tensor hidden = expand(mask, x.shape());
      check_close(values(y), lines_of({x, hidden}, 2, [](const auto& l) { return softmax_of(l[0], l[1]); }),
                  tolerance(dtype));
      const Tensor poisoned = where(hidden, full({}, kNaN, dtype), x);
      CHECK(same_bits(masked_softmax(poisoned, mask), y));
      CHECK(same_bits(masked_softmax(strided(poisoned), strided(mask)), y));
      CHECK(same_bits(masked_softmax(poisoned, hidden), y));
      CHECK(same_bits(masked_fill(y, hidden, 0), y));
    }
    CHECK(masked_softmax(zeros({3, 0}, dtype), zeros({3, 0}, DType::boolean)).shape() == Shape{3, 0});
  }
  CHECK_THROWS_AS(masked_softmax(ones({3}), ones({3})), DTypeError);
  CHECK_THROWS_AS(masked_softmax(ones({3}), zeros({2, 3}, DType::boolean)), ShapeError);
  CHECK_THROWS_AS(masked_softmax(scalar(1), zeros({}, DType::boolean)), ShapeError);
}

TEST_CASE("a visible element weighs the same bits whatever the hidden tail") {
  const Tensor x = random_tensor({1, 40}, 4);
  for (const int64_t length : {1, 7, 16, 33}) {
    const Tensor mask = ge(reshape(to(arange(40), DType::int64), {1, 40}), static_cast<double>(length));
    CHECK(same_bits(narrow(masked_softmax(x, mask), 1, 0, length), softmax(narrow(x, 1, 0, length), 1)));
  }
}

TEST_CASE("softmax gradients agree with their formulas along every axis") {
  const Tensor x = random_tensor({3, 4, 5}, 5, DType::float64), grad = random_tensor({3, 4, 5}, 6, DType::float64);
  for (int64_t axis = 0; axis < 3; ++axis) {
    const Tensor y = softmax(x, axis), z = log_softmax(x, axis);
    const Tensor dx = softmax_backward(grad, y, axis), dz = log_softmax_backward(grad, z, axis);
    check_close(values(dx), lines_of({y, grad}, axis, [](const auto& l) { return softmax_gradient(l[0], l[1]); }),
                1e-13);
    check_close(values(dz), lines_of({z, grad}, axis, [](const auto& l) { return log_softmax_gradient(l[0], l[1]); }),
                1e-13);
    CHECK(same_bits(softmax_backward(strided(grad), strided(y), axis), dx));
    CHECK(same_bits(log_softmax_backward(strided(grad), strided(z), axis), dz));
    check_close(softmax_backward(to(grad, DType::float32), to(y, DType::float32), axis), dx, 2e-6);
    check_close(log_softmax_backward(to(grad, DType::float32), to(z, DType::float32), axis), dz, 2e-6);
  }
  CHECK_THROWS_AS(softmax_backward(ones({3}), ones({4}), 0), ShapeError);
  CHECK_THROWS_AS(log_softmax_backward(ones({3}), ones({3}, DType::float64), 0), DTypeError);
}

TEST_CASE("a gradient in hidden positions reaches nothing, even if it is NaN") {
  for (const int64_t n : {6, 1500}) {
    const Tensor x = random_tensor({4, n}, 7), clean = random_tensor({4, n}, 8);
    Tensor mask = random_tensor({4, n}, 9, DType::boolean);
    Tensor whole = select(mask, 0, 2);
    fill_(whole, 1);
    const Tensor y = masked_softmax(x, mask);
    const Tensor dx = softmax_backward(masked_fill(clean, mask, kNaN), y, 1);
    CHECK(all_finite(dx));
    CHECK(same_bits(dx, softmax_backward(clean, y, 1)));
    check_close(where(mask, dx, zeros({})), zeros({4, n}), 0);
  }
}

TEST_CASE("cross_entropy_rows agrees with its formula, with smoothing and ignored rows") {
  const Tensor target = tensor<int64_t>({3, 0, -100, 6, 2});
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Tensor logits = random_tensor({5, 7}, 10, dtype, -9, 9);
    for (const double smoothing : {0.0, 0.1, 1.0}) {
      const Tensor loss = cross_entropy_rows(logits, target, -100, smoothing);
      check_close(values(loss), reference_rows(ones({5}), logits, target, smoothing).first, 10 * tolerance(dtype));
      CHECK(same_bits(cross_entropy_rows(strided(logits), strided(target), -100, smoothing), loss));
    }
  }
  CHECK(cross_entropy_rows(zeros({0, 3}), zeros({0}, DType::int64), -100, 0).shape() == Shape{0});
}

TEST_CASE("the gradient of cross_entropy_rows agrees with its formula") {
  const Tensor target = tensor<int64_t>({3, 0, -1, 6, 2}), grad = random_tensor({5}, 11, DType::float64);
  Tensor logits = random_tensor({5, 7}, 12, DType::float64);
  for (const double smoothing : {0.0, 0.1}) {
    const Tensor dx = cross_entropy_rows_backward(grad, logits, target, -1, smoothing);
    check_close(values(dx), reference_rows(grad, logits, target, smoothing).second, 1e-13);
    CHECK(same_bits(cross_entropy_rows_backward(strided(grad), strided(logits), strided(target), -1, smoothing), dx));
    check_close(
        cross_entropy_rows_backward(to(grad, DType::float32), to(logits, DType::float32), target, -1, smoothing), dx,
        2e-6);
  }
  const Tensor one = expand(scalar(0.2), {5});
  CHECK(same_bits(cross_entropy_rows_backward(one, to(logits, DType::float32), target, -1, 0),
                  cross_entropy_rows_backward(contiguous(one), to(logits, DType::float32), target, -1, 0)));
  Tensor ignored = select(logits, 0, 2);
  fill_(ignored, kNaN);
  CHECK(all_finite(cross_entropy_rows(logits, target, -1, 0.1)));
  CHECK(all_finite(cross_entropy_rows_backward(grad, logits, target, -1, 0.1)));
}

TEST_CASE("softmax ops give the same bits on any number of threads") {
  const Tensor x = random_tensor({37, 20, 33}, 13), grad = random_tensor({37, 20, 33}, 14);
  for (int64_t axis = 0; axis < 3; ++axis) {
    check_threads([&] { return softmax(x, axis); });
    check_threads([&] { return softmax_backward(grad, softmax(x, axis), axis); });
    check_threads([&] { return log_softmax_backward(grad, log_softmax(x, axis), axis); });
  }
  check_threads([&] { return masked_softmax(x, random_tensor({20, 33}, 15, DType::boolean)); });
  const Tensor logits = reshape(x, {740, 33}),
               target = to(random_tensor({740}, 16, DType::float32, 0, 33), DType::int64);
  check_threads([&] { return cross_entropy_rows(logits, target, -100, 0.1); });
  check_threads(
      [&] { return cross_entropy_rows_backward(reshape(select(grad, 2, 0), {740}), logits, target, -100, 0.1); });
}

TEST_CASE("softmax ops refuse what does not fit and say why") {
  CHECK(message_of<IndexError>([] { softmax(ones({2, 3}), 2); }) == "softmax: axis 2 is out of range for rank 2");
  CHECK(message_of<DTypeError>([] { softmax(arange(3), 0); }) == "softmax: needs float32 or float64, got int64");
  CHECK(message_of<IndexError>([] {
          cross_entropy_rows(ones({2, 3}), tensor<int64_t>({0, 3}), -100, 0);
        }) == "cross_entropy: target 3 at 1 is out of range for 3 classes");
  CHECK_THROWS_AS(cross_entropy_rows(ones({2, 3}), tensor<int64_t>({0}), -100, 0), ShapeError);
  CHECK_THROWS_AS(cross_entropy_rows(ones({3}), tensor<int64_t>({0}), -100, 0), ShapeError);
  CHECK_THROWS_AS(cross_entropy_rows(ones({1, 3}), ones({1}), -100, 0), DTypeError);
  CHECK_THROWS_AS(cross_entropy_rows(ones({1, 3}), tensor<int64_t>({0}), -100, 1.5), ValueError);
  CHECK_THROWS_AS(cross_entropy_rows_backward(ones({2}), ones({1, 3}), tensor<int64_t>({0}), -100, 0), ShapeError);
}
