// Matrix products against triple loops, in every layout; and the order of accumulation.
#include <heed/tensor/matmul.h>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

#include "support/array.h"

using namespace heed;
using namespace heed::test;

namespace {

/// The same values with the last two axes exchanged in memory.
Tensor transposed_in_memory(const Tensor& x) { return transpose(clone(transpose(x, -1, -2)), -1, -2); }

double tolerance(DType dtype) { return dtype == DType::float32 ? 1e-4 : 1e-12; }

const std::vector<std::pair<Shape, Shape>> kShapes = {
    {{1, 1}, {1, 1}},    {{3, 4}, {4, 5}},       {{17, 33}, {33, 65}},      {{65, 300}, {300, 7}},
    {{1, 40}, {40, 9}},  {{40, 9}, {9, 1}},      {{3, 0}, {0, 4}},          {{0, 3}, {3, 4}},
    {{3, 2}, {2, 0}},    {{5, 3, 4}, {4, 6}},    {{5, 3, 4}, {5, 4, 6}},    {{2, 1, 3, 4}, {7, 4, 5}},
    {{3, 4}, {2, 4, 5}}, {{2, 5, 3, 4}, {4, 6}}, {{1, 3, 4}, {6, 1, 4, 2}}, {{0, 3, 4}, {4, 5}},
    {{4, 1, 6}, {6, 3}}, {{2, 3, 1, 5}, {5, 8}},
};

}  // namespace

TEST_CASE("matmul agrees with triple loops for all layouts of both operands") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    for (const auto& [left, right] : kShapes) {
      CAPTURE(dtype, left, right);
      const Tensor a = random_tensor(left, 1, dtype), b = random_tensor(right, 2, dtype);
      const Tensor product = matmul(a, b);
      CHECK(product.is_contiguous());
      const Array expected = matrix_product(array_of(a), array_of(b));
      CHECK(product.shape() == expected.shape);
      check_close(values(product), expected.values, tolerance(dtype));
      for (const Tensor& x : {a, transposed_in_memory(a), strided(a)}) {
        for (const Tensor& y : {b, transposed_in_memory(b), strided(b)}) {
          CHECK(same_bits(matmul(x, y), product));
        }
      }
    }
  }
}

TEST_CASE("a rank-1 operand is a row on the left and a column on the right") {
  const Tensor v = random_tensor({4}, 3), m = random_tensor({4, 6}, 4), batch = random_tensor({5, 3, 4}, 5);
  CHECK(same_bits(matmul(v, m), reshape(matmul(reshape(v, {1, 4}), m), {6})));
  CHECK(same_bits(matmul(batch, v), reshape(matmul(batch, reshape(v, {4, 1})), {5, 3})));
  CHECK(same_bits(matmul(v, random_tensor({2, 4, 6}, 6)),
                  reshape(matmul(reshape(v, {1, 4}), random_tensor({2, 4, 6}, 6)), {2, 6})));
  const Tensor dot = matmul(v, strided(v));
  CHECK(dot.shape() == Shape{});
  CHECK(dot.item() ==
        Approx(values(mul(v, v))[0] + values(mul(v, v))[1] + values(mul(v, v))[2] + values(mul(v, v))[3]));
  CHECK(matmul(zeros({0}), zeros({0, 3})).to_vector<float>() == std::vector<float>{0, 0, 0});
}

TEST_CASE("linear is x W^T + b for any leading shape") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Tensor weight = random_tensor({7, 13}, 7, dtype), bias = random_tensor({7}, 8, dtype);
    for (const Shape& shape : {Shape{13}, Shape{5, 13}, Shape{3, 5, 13}, Shape{2, 3, 5, 13}, Shape{0, 13}}) {
      const Tensor x = random_tensor(shape, 9, dtype);
      const Tensor plain = matmul(x, transpose(weight, 0, 1));
      CHECK(same_bits(linear(x, weight), plain));
      check_close(linear(x, weight, bias), plain + bias, tolerance(dtype));
      CHECK(same_bits(linear(strided(x), strided(weight), strided(bias)), linear(x, weight, bias)));
    }
    check_close(linear(zeros({3, 0}, dtype), zeros({7, 0}, dtype), bias), expand(bias, {3, 7}), 0);
  }
}

TEST_CASE("a row gives the same bits alone, in a batch and under any leading shape") {
  for (const int64_t inner : {1, 17, 256, 257, 700}) {
    const Tensor x = random_tensor({6, 5, inner}, 10), weight = random_tensor({37, inner}, 11);
    const Tensor bias = random_tensor({37}, 12);
    const Tensor all = linear(x, weight, bias);
    CHECK(same_bits(linear(reshape(x, {30, inner}), weight, bias), reshape(all, {30, 37})));
    CHECK(same_bits(linear(transpose(x, 0, 1), weight, bias), contiguous(transpose(all, 0, 1))));
    for (const int64_t i : {0, 3, 5}) {
      const Tensor row = select(select(x, 0, i), 0, 2);
      CHECK(same_bits(linear(row, weight, bias), select(select(all, 0, i), 0, 2)));
      CHECK(same_bits(linear(select(x, 0, i), weight, bias), select(all, 0, i)));
      CHECK(same_bits(linear(x, narrow(weight, 0, i, 1), narrow(bias, 0, i, 1)), contiguous(narrow(all, 2, i, 1))));
    }
  }
}

TEST_CASE("matmul_into writes or adds into part of a buffer") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Tensor a = random_tensor({5, 300}, 13, dtype), b = random_tensor({300, 9}, 14, dtype);
    const Tensor start = random_tensor({7, 20}, 15, dtype);
    Tensor buffer = clone(start);
    Tensor part = narrow(narrow(buffer, 0, 1, 5), 1, 3, 9);
    matmul_into(part, a, b);
    CHECK(same_bits(part, matmul(a, b)));
    matmul_into(part, strided(a), strided(b), true);
    check_close(part, matmul(a, b) * 2.0, tolerance(dtype));
    copy_(part, narrow(narrow(start, 0, 1, 5), 1, 3, 9));
    CHECK(same_bits(buffer, start));
    matmul_into(part, zeros({5, 0}, dtype), zeros({0, 9}, dtype), true);
    CHECK(same_bits(buffer, start));
    matmul_into(part, zeros({5, 0}, dtype), zeros({0, 9}, dtype));
    check_close(part, zeros({5, 9}, dtype), 0);
  }
  Tensor out = zeros({2, 2});
  Tensor across = transpose(out, 0, 1);
  CHECK_THROWS_AS(matmul_into(across, ones({2, 2}), ones({2, 2})), ValueError);
  CHECK_THROWS_AS(matmul_into(out, ones({2, 3}), ones({2, 2})), ShapeError);
  CHECK_THROWS_AS(matmul_into(out, ones({2, 2}), ones({2, 2}, DType::float64)), DTypeError);
}

TEST_CASE("products give the same bits on any number of threads") {
  const Tensor a = random_tensor({301, 257}, 16), b = random_tensor({257, 190}, 17), bias = random_tensor({190}, 18);
  check_threads([&] { return matmul(a, b); });
  check_threads([&] { return matmul(narrow(a, 0, 0, 3), b); });
  check_threads([&] { return linear(a, transpose(b, 0, 1), bias); });
  const Tensor many = random_tensor({37, 20, 33}, 19), others = random_tensor({37, 33, 21}, 20);
  check_threads([&] { return matmul(many, others); });
  check_threads([&] { return matmul(transpose(others, 1, 2), transpose(many, 1, 2)); });
  const Tensor wide = random_tensor({3, 33, 900}, 21);
  check_threads([&] { return matmul(narrow(many, 0, 0, 3), wide); });
}

TEST_CASE("products refuse what does not fit and say why") {
  CHECK(message_of<ShapeError>([] {
          matmul(ones({3, 4}), ones({5, 2}));
        }) == "matmul: inner sizes must match, got (3, 4) and (5, 2)");
  CHECK(message_of<ShapeError>([] {
          matmul(ones({2, 3, 4}), ones({3, 4, 5}));
        }) == "matmul: leading sizes must broadcast, got (2, 3, 4) and (3, 4, 5)");
  CHECK(message_of<DTypeError>([] {
          matmul(ones({2, 2}), ones({2, 2}, DType::float64));
        }) == "matmul: dtypes must match, got float32 and float64");
  CHECK_THROWS_AS(matmul(ones({2, 2}, DType::int64), ones({2, 2}, DType::int64)), DTypeError);
  CHECK_THROWS_AS(matmul(scalar(1), ones({2, 2})), ShapeError);
  CHECK(message_of<ShapeError>([] {
          linear(ones({2, 3}), ones({5, 4}));
        }) == "linear: the input must be (…, 4) for a weight (5, 4), got (2, 3)");
  CHECK_THROWS_AS(linear(ones({2, 3}), ones({3})), ShapeError);
  CHECK_THROWS_AS(linear(ones({2, 3}), ones({5, 3}), ones({4})), ShapeError);
  CHECK_THROWS_AS(linear(ones({2, 3}), ones({5, 3}), ones({5}, DType::float64)), DTypeError);
}
