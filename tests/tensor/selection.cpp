// Elements chosen by a condition, classes as vectors, triangles, copies side by side.
#include <heed/tensor/selection.h>

#include <limits>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/repeat.h>
#include <heed/tensor/triangle.h>

#include "support/reference.h"

using namespace heed;
using namespace heed::test;

TEST_CASE("nonzero lists the indices of what is not 0") {
  const Tensor x = tensor({{0, 3, 0}, {-1, 0, 2}});
  CHECK(same_bits(nonzero(x), tensor({{0, 1}, {1, 0}, {1, 2}})));
  CHECK(same_bits(nonzero(strided(x)), nonzero(x)));
  CHECK(same_bits(nonzero(x > 0), tensor({{0, 1}, {1, 2}})));
  CHECK(nonzero(zeros({2, 3})).shape() == Shape{0, 2});
  CHECK(nonzero(ones({})).shape() == Shape{1, 0});
  CHECK(nonzero(tensor({std::nan(""), 0.0})).shape() == Shape{1, 1});
}

TEST_CASE("masked_select keeps the dtype and broadcasts") {
  const Tensor x = tensor({{1, 2, 3}, {4, 5, 6}});
  CHECK(same_bits(masked_select(x, x > 2), tensor({3, 4, 5, 6})));
  CHECK(same_bits(masked_select(x, tensor({true, false, true})), tensor({1, 3, 4, 6})));
  CHECK(same_bits(masked_select(tensor({7, 8, 9}), x > 4), tensor({8, 9})));
  CHECK(message_of<DTypeError>([&] { masked_select(x, x); }) == "masked_select: the mask must be bool, got int64");
  CHECK(message_of<ShapeError>([&] { masked_select(x, tensor({true, false})); }).starts_with("masked_select: "));
}

TEST_CASE("one_hot marks each id and refuses those out of range") {
  CHECK(same_bits(one_hot(tensor({2, 0}), 3), tensor({{0, 0, 1}, {1, 0, 0}})));
  CHECK(same_bits(one_hot(tensor({1, 0})), tensor({{0, 1}, {1, 0}})));
  CHECK(same_bits(one_hot(tensor({1}), 2, DType::float32), tensor({{0.0F, 1.0F}})));
  CHECK_THROWS_AS(one_hot(full({1}, std::numeric_limits<int64_t>::max(), DType::int64)), IndexError);
  CHECK(one_hot(zeros({2, 0, 3}, DType::int64), 4).shape() == Shape{2, 0, 3, 4});
  CHECK(message_of<IndexError>([] { one_hot(tensor({0, 3}), 3); }) == "one_hot: id 3 is out of range for 3 classes");
  CHECK(message_of<IndexError>([] { one_hot(tensor({-2, 3})); }) == "one_hot: id -2 is out of range for 4 classes");
  CHECK(message_of<DTypeError>([] { one_hot(ones({2})); }) == "one_hot: ids must be int64, got float32");
  CHECK_THROWS_AS(one_hot(zeros({0}, DType::int64)), ValueError);
  CHECK_THROWS_AS(one_hot(tensor({1}), -2), ValueError);
}

TEST_CASE("triangles take any dtype, and what is cut off does not count, even NaN") {
  const Tensor x = tensor({{1, 2}, {3, 4}});
  CHECK(same_bits(tril(x), tensor({{1, 0}, {3, 4}})));
  CHECK(same_bits(triu(x), tensor({{1, 2}, {0, 4}})));
  CHECK(same_bits(triu(x, std::numeric_limits<int64_t>::min()), x));
  CHECK(same_bits(tril(x, std::numeric_limits<int64_t>::max()), x));
  CHECK(same_bits(tril(x > 0), tensor({{true, false}, {true, true}})));
  CHECK(same_bits(tril(tensor({{1.0, std::nan("")}})), tensor({{1.0, 0.0}})));
  CHECK(message_of<ShapeError>([] { triu(ones({3})); }) == "triu: needs a matrix (…, R, C), got (3,)");
}

TEST_CASE("repeat makes a tensor of its own, also where it repeats nothing") {
  const Tensor x = tensor({1, 2});
  CHECK(same_bits(repeat(x, {2, 2}), tensor({{1, 2, 1, 2}, {1, 2, 1, 2}})));
  CHECK(!repeat(x, {1}).storage().same_as(x.storage()));
  CHECK(message_of<ShapeError>([&] {
          repeat(ones({2, 3}), {2});
        }) == "repeat: needs a number for each axis of (2, 3) and at most 7, got (2,)");
  CHECK_THROWS_AS(repeat(x, {-1}), ValueError);
  CHECK_THROWS_AS(repeat(x, {int64_t{1} << 62}), ShapeError);
}
