// Comparison of whole tensors.
#include <heed/tensor/compare.h>

#include <limits>

#include <heed/tensor/error.h>

#include "support/reference.h"

using namespace heed;
using namespace heed::test;

TEST_CASE("tensors are close within a relative and an absolute part") {
  const Tensor a = tensor({1.0, 100.0, 0.0}), b = tensor({1.0 + 9e-6, 100.0 + 2e-3, 9e-9});
  CHECK(same_bits(isclose(a, b), tensor({true, false, true})));
  CHECK(!allclose(a, b));
  CHECK(allclose(a, b, 1e-4));
  CHECK(allclose(a, b, 0, 1e-2));
  CHECK(!allclose(a, b, 1e-4, 0));
  CHECK(allclose(tensor({5, 7}), tensor({5, 7})));
  CHECK(allclose(tensor({std::numeric_limits<int64_t>::max()}), tensor({std::numeric_limits<int64_t>::max()}), 0, 0));
  CHECK(allclose(ones({2, 1}), ones({3})));
  CHECK(allclose(zeros({0}), ones({0})));
}

TEST_CASE("integers beyond what float64 counts are close only where they are") {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max(), kLeast = std::numeric_limits<int64_t>::min();
  const Tensor a = tensor<int64_t>({kMost, (int64_t{1} << 53) + 1, kMost, kLeast, 5});
  const Tensor b = tensor<int64_t>({kMost - 1, int64_t{1} << 53, kMost, kMost, 5});
  CHECK(same_bits(isclose(a, b, 0, 0), tensor({false, false, true, false, true})));
  CHECK(same_bits(isclose(a, b, 0, 1), tensor({true, true, true, false, true})));
}

TEST_CASE("infinities are close to themselves, and NaN to NaN where asked") {
  const double infinity = std::numeric_limits<double>::infinity(), nan = std::nan("");
  CHECK(allclose(tensor({infinity, -infinity}), tensor({infinity, -infinity})));
  CHECK(!allclose(tensor({infinity}), tensor({-infinity})));
  CHECK(!allclose(tensor({1.0}), tensor({infinity})));
  CHECK(!allclose(tensor({infinity}), tensor({1.0})));
  CHECK(!allclose(tensor({nan}), tensor({nan})));
  CHECK(allclose(tensor({nan}), tensor({nan}), 0, 0, true));
}

TEST_CASE("equal tensors have one shape, dtype and elements") {
  CHECK(equal(tensor({1, 2}), tensor({1, 2})));
  CHECK(!equal(tensor({1, 2}), tensor({1, 3})));
  CHECK(!equal(tensor({1, 1}), tensor({1})));
  CHECK(!equal(tensor({1}), tensor({1.0})));
  CHECK(!equal(tensor({std::nan("")}), tensor({std::nan("")})));
  CHECK(message_of<DTypeError>([] { allclose(tensor({1}), tensor({1.0})); }) ==
        "allclose: dtypes must match, got int64 and float64");
  CHECK(message_of<ShapeError>([] { isclose(ones({2}), ones({3})); }).starts_with("isclose: "));
  CHECK_THROWS_AS(isclose(ones({2}), ones({2}), -1), ValueError);
}
