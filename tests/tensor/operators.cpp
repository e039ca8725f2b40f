// Operators of tensors: comparison gives a bool tensor, and += gives the handle a new tensor.
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/view.h>

#include "support/reference.h"

using namespace heed;
using heed::test::same_bits;

TEST_CASE("comparison operators are the functions, with tensors and numbers on either side") {
  const Tensor a = tensor({1.0F, 2.0F, 3.0F}), b = tensor({3.0F, 2.0F, 1.0F});
  CHECK(same_bits(a == b, eq(a, b)));
  CHECK(same_bits(a != b, ne(a, b)));
  CHECK(same_bits(a < b, lt(a, b)));
  CHECK(same_bits(a <= b, le(a, b)));
  CHECK(same_bits(a > b, gt(a, b)));
  CHECK(same_bits(a >= b, ge(a, b)));
  CHECK(same_bits(a == 2, tensor({false, true, false})));
  CHECK(same_bits(a != 2, tensor({true, false, true})));
  CHECK(same_bits(a < 2, tensor({true, false, false})));
  CHECK(same_bits(a <= 2, tensor({true, true, false})));
  CHECK(same_bits(a > 2, tensor({false, false, true})));
  CHECK(same_bits(a >= 2, tensor({false, true, true})));
  CHECK(same_bits(2 == a, a == 2));
  CHECK(same_bits(2 != a, a != 2));
  CHECK(same_bits(2 < a, a > 2));
  CHECK(same_bits(2 <= a, a >= 2));
  CHECK(same_bits(2 > a, a < 2));
  CHECK(same_bits(2 >= a, a <= 2));
}

TEST_CASE("operators of bool tensors are the functions of logic") {
  const Tensor a = tensor({true, true, false, false}), b = tensor({true, false, true, false});
  CHECK(same_bits(a & b, tensor({true, false, false, false})));
  CHECK(same_bits(a | b, tensor({true, true, true, false})));
  CHECK(same_bits(!a, tensor({false, false, true, true})));
  const Tensor x = tensor({-1.0F, 0.5F, 2.0F});
  CHECK(same_bits(~a, !a));
  CHECK(same_bits(~(x > 0) | (x > 1), tensor({true, false, true})));
  CHECK((a & unsqueeze(b, 1)).shape() == Shape{4, 4});
  CHECK_THROWS_AS(x & x, DTypeError);
  CHECK_THROWS_AS(!x, DTypeError);
}

TEST_CASE("where takes a number on either side, which must fit the dtype") {
  const Tensor x = tensor({-1.0F, 2.0F});
  CHECK(same_bits(where(x > 0, x, 0), tensor({0.0F, 2.0F})));
  CHECK(same_bits(where(x > 0, 1.5, x), tensor({-1.0F, 1.5F})));
  CHECK(where(unsqueeze(x > 0, 1), x, 7).shape() == Shape{2, 2});
  CHECK(same_bits(where(x > 0, tensor({1, 2}), -3), tensor({-3, 2})));
  CHECK_THROWS_AS(where(x > 0, tensor({1, 2}), 0.5), ValueError);
  CHECK_THROWS_AS(where(x, x, 0), DTypeError);
  CHECK_THROWS_AS(where(tensor({true, false, true}), x, 0), ShapeError);
}

TEST_CASE("compound assignment gives the handle a new tensor, and other handles keep their values") {
  const Tensor first = tensor({1.0F, 2.0F}), y = tensor({2.0F, 4.0F});
  Tensor total = first;
  total += y;
  CHECK(total.to_vector<float>() == std::vector<float>{3, 6});
  total -= y;
  CHECK(same_bits(total, first));
  total *= y;
  CHECK(total.to_vector<float>() == std::vector<float>{2, 8});
  total /= y;
  CHECK(same_bits(total, first));
  ((total += 3) -= 1) *= 4;
  total /= 2;
  CHECK(total.to_vector<float>() == std::vector<float>{6, 8});
  CHECK(first.to_vector<float>() == std::vector<float>{1, 2});
  CHECK(first.version() == tensor({1.0F, 2.0F}).version());

  Tensor grown = y;
  grown += ones({3, 1});
  CHECK(grown.shape() == Shape{3, 2});
  total += total;
  CHECK(total.to_vector<float>() == std::vector<float>{12, 16});
  CHECK_THROWS_AS(total += ones({3}), ShapeError);
  CHECK(total.to_vector<float>() == std::vector<float>{12, 16});
}

TEST_CASE("a view is written in the line that makes it") {
  Tensor x = zeros({3, 2});
  fill_(narrow(x, 0, 0, 1), 1);
  copy_(select(x, 0, 1), tensor({2.0F, 3.0F}));
  add_(narrow(x, 0, 1, 2), ones({2, 2}), 10);
  mul_(select(x, 1, 0), 2);
  CHECK(x.to_vector<float>() == std::vector<float>{2, 1, 24, 13, 20, 10});
  CHECK_THROWS_AS(fill_(expand(x, {4, 3, 2}), 1), ValueError);
}
