#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/random.h>
#include <heed/tensor/view.h>

#include <cmath>
#include <functional>
#include <limits>

#include "support/catch.h"
#include "support/message.h"

using namespace heed;

TEST_CASE("full fills every dtype") {
  CHECK(full({2, 2}, 1.5).to_vector<float>() == std::vector<float>(4, 1.5F));
  CHECK(full({3}, -2, DType::int64).to_vector<int64_t>() == std::vector<int64_t>(3, -2));
  CHECK(full({2}, 0.5, DType::boolean).to_vector<bool>() == std::vector<bool>{true, true});
  CHECK(zeros({0, 3}).numel() == 0);
  CHECK(ones({}, DType::float64).item() == 1);
}

TEST_CASE("creation refuses negative and absurd sizes") {
  CHECK_THROWS_AS(zeros({2, -1}), ShapeError);
  CHECK_THROWS_AS(zeros({int64_t{1} << 60}), ShapeError);
}

// The sanitizer's allocator ends the program instead.
#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("a tensor for which there is no memory is refused by operation, shape and bytes") {
  const int64_t count = int64_t{1} << 44;  // 64 TiB
  REQUIRE_THROWS_WITH(empty({count}),
                      "empty: there is no memory for float32 of the shape (17592186044416,), "
                      "70368744177664 bytes");
  CHECK_THROWS_AS(empty({count}), Error);
  CHECK_THROWS_WITH(full({4, count / 8}, 3, DType::float64),
                    "full: there is no memory for float64 of the shape (4, 2199023255552), 70368744177664 bytes");
  CHECK_THROWS_WITH(clone(expand(ones({1}), {count})),
                    "clone: there is no memory for float32 of the shape (17592186044416,), 70368744177664 bytes");
  const Tensor column = ones({int64_t{1} << 22, 1}), row = ones({1, int64_t{1} << 22}),
               much = expand(ones({1}), {count / 2});
  const Tensor hidden = column > 0;
  const std::vector<std::pair<std::string, std::function<void()>>> calls{
      {"add", [&] { add(column, row); }},
      {"lt",
       [&] {
         lt(column, expand(row, {4, 1, row.size(1)}));
       }},
      {"where", [&] { where(hidden, row, row); }},
      {"matmul", [&] { matmul(column, row); }},
      {"cat",
       [&] {
         cat({much, much});
       }},
      {"stack",
       [&] {
         stack({much, much});
       }},
      {"to_vector", [&] { expand(ones({1}), {count}).to_vector<float>(); }},
      {"rand", [&] { rand({count}); }},
      {"bernoulli", [&] { bernoulli({4 * count}, 0.5); }},
  };
  for (const auto& [name, call] : calls) {
    const std::string message = message_of<Error>(call);
    CAPTURE(name, message);
    CHECK(message.starts_with(name + ": there is no memory for "));
  }
  CHECK_THROWS_WITH(arange(count / 2),
                    "arange: there is no memory for int64 of the shape (8796093022208,), "
                    "70368744177664 bytes");
}
#endif

TEST_CASE("arange counts up and down and stops before the end") {
  CHECK(arange(4).to_vector<int64_t>() == std::vector<int64_t>{0, 1, 2, 3});
  CHECK(arange(1, 2, 0.25, DType::float64).to_vector<double>() == std::vector<double>{1, 1.25, 1.5, 1.75});
  CHECK(arange(3, 0, -2).to_vector<int64_t>() == std::vector<int64_t>{3, 1});
  CHECK(arange(3, 1).numel() == 0);
  CHECK_THROWS_AS(arange(0, 1, 0), ValueError);
  CHECK_THROWS_AS(arange(0, std::nan("")), ValueError);
  CHECK_THROWS_AS(arange(0, std::numeric_limits<double>::infinity()), ValueError);
  CHECK_THROWS_AS(arange(-1), ValueError);
}

TEST_CASE("eye has ones on its diagonal only") {
  CHECK(eye(3).to_vector<float>() == std::vector<float>{1, 0, 0, 0, 1, 0, 0, 0, 1});
  CHECK(eye(0).numel() == 0);
}

TEST_CASE("from_vector wants as many values as the shape holds") {
  CHECK(from_vector<float>({1, 2, 3, 4, 5, 6}, {2, 3}).at({1, 0}) == 4);
  CHECK_THROWS_WITH(from_vector<float>({1, 2}, {3}), "from_vector: shape (3,) needs 3 values, got 2");
}

TEST_CASE("contiguous copies only what is not in order") {
  const Tensor x = reshape(arange(6), {2, 3});
  CHECK(contiguous(x).storage().same_as(x.storage()));
  const Tensor t = transpose(x, 0, 1);
  const Tensor c = contiguous(t);
  CHECK_FALSE(c.storage().same_as(x.storage()));
  CHECK(c.is_contiguous());
  CHECK(c.to_vector<int64_t>() == std::vector<int64_t>{0, 3, 1, 4, 2, 5});
  CHECK_FALSE(clone(x).storage().same_as(x.storage()));
}

TEST_CASE("to converts between all dtypes, also of strided tensors") {
  const Tensor x = from_vector<float>({0, 1.75F, -2.5F, 3}, {2, 2});
  CHECK(to(x, DType::int64).to_vector<int64_t>() == std::vector<int64_t>{0, 1, -2, 3});
  CHECK(to(x, DType::boolean).to_vector<bool>() == std::vector<bool>{false, true, true, true});
  CHECK(to(transpose(x, 0, 1), DType::float64).to_vector<double>() == std::vector<double>{0, -2.5, 1.75, 3});
  CHECK(to(tensor<bool>({true, false}), DType::float32).to_vector<float>() == std::vector<float>{1, 0});
  CHECK(to(x, DType::float32).storage().same_as(x.storage()));
}

TEST_CASE("what int64 cannot hold is refused as a value and converted to the nearest in a tensor") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(full({1}, 1e300, DType::int64), "full: int64 cannot hold 1e+300");
  CHECK_THROWS_AS(full({1}, std::nan(""), DType::int64), ValueError);
  CHECK_THROWS_AS(arange(0, 1e19, 1e18), ValueError);
  const Tensor x = from_vector<double>({std::nan(""), infinity, -infinity, 0x1p63, -0x1p63}, {5});
  const int64_t most = std::numeric_limits<int64_t>::max(), least = std::numeric_limits<int64_t>::min();
  CHECK(to(x, DType::int64).to_vector<int64_t>() == std::vector<int64_t>{0, most, least, most, least});
}

TEST_CASE("fill_ and copy_ write through views and nothing else") {
  Tensor x = zeros({3, 4});
  Tensor column = select(x, 1, 2);
  fill_(column, 5);
  Tensor rows = slice(x, 0, 0, 3, 2);
  copy_(rows, tensor<float>({1, 2, 3, 4}));
  CHECK(x.to_vector<float>() == std::vector<float>{1, 2, 3, 4, 0, 0, 5, 0, 1, 2, 3, 4});
  CHECK_THROWS_WITH(copy_(x, zeros({3})), "copy_: shapes do not broadcast, got (3,) and (3, 4)");
  CHECK_THROWS_WITH(copy_(column, zeros({2, 3})), "copy_: the source must broadcast to (3,), got (2, 3)");
  CHECK_THROWS_AS(copy_(x, zeros({3})), ShapeError);
  CHECK_THROWS_AS(copy_(x, zeros({3, 4}, DType::float64)), DTypeError);
}

TEST_CASE("large strided copies agree with single reads at any thread count") {
  const Tensor x = reshape(arange(70 * 81 * 33), {70, 81, 33});
  const Tensor p = permute(x, {2, 0, 1});
  const Tensor c = clone(p);
  const int64_t* values = c.data<int64_t>();
  bool same = true;
  for (int64_t i = 0; i < 33; i += 3) {
    for (int64_t j = 0; j < 70; j += 7) {
      for (int64_t k = 0; k < 81; k += 5) {
        same = same && values[(i * 70 + j) * 81 + k] == (j * 81 + k) * 33 + i;
      }
    }
  }
  CHECK(same);
}

TEST_CASE("a tensor of a list has the type of its numbers") {
  CHECK(tensor({1, 2, 3}).to_vector<int64_t>() == std::vector<int64_t>{1, 2, 3});
  CHECK(tensor({1U, 2U}).dtype() == DType::int64);
  CHECK(tensor({'a'}).to_vector<int64_t>() == std::vector<int64_t>{97});
  CHECK(tensor({0.5F}).dtype() == DType::float32);
  CHECK(tensor({0.5, 2.0}).dtype() == DType::float64);
  CHECK(tensor({true, false}).to_vector<bool>() == std::vector<bool>{true, false});
  CHECK(tensor<float>({1, 2}).to_vector<float>() == std::vector<float>{1, 2});
  CHECK(tensor({1, 2.5}, DType::float64).to_vector<double>() == std::vector<double>{1, 2.5});
  CHECK(tensor({1, 2}, DType::float32).to_vector<float>() == std::vector<float>{1, 2});
  CHECK_THROWS_WITH(tensor({0.5, 2.0}, DType::int64), "tensor: int64 cannot hold 0.5");
  CHECK_THROWS_AS(tensor({~uint64_t{0}}), ValueError);
  CHECK(from_vector(std::vector<int>{1, 2, 3, 4}, {2, 2}).at<int64_t>({1, 0}) == 3);
}

TEST_CASE("a tensor of lists has rows") {
  const Tensor x = tensor({{1, 2, 3}, {4, 5, 6}});
  CHECK((x.dtype() == DType::int64 && x.shape() == Shape{2, 3}));
  CHECK(x.at<int64_t>({1, 2}) == 6);
  CHECK(tensor<float>({{1}, {2}}).shape() == Shape{2, 1});
  CHECK(tensor({{1, 2}, {3, 4}}, DType::float32).to_vector<float>() == std::vector<float>{1, 2, 3, 4});
  CHECK_THROWS_WITH(tensor({{1, 2}, {3}}), "tensor: all rows must be equally long, got 2 and 1");
  CHECK_THROWS_WITH(tensor({{1, 2}, {3}}, DType::float32), "tensor: all rows must be equally long, got 2 and 1");
}

TEST_CASE("linspace meets both ends and keeps equal distances") {
  CHECK(linspace(0, 1, 5).to_vector<float>() == std::vector<float>{0, 0.25F, 0.5F, 0.75F, 1});
  CHECK(linspace(3, -1, 3, DType::float64).to_vector<double>() == std::vector<double>{3, 1, -1});
  CHECK(linspace(0.1, 0.7, 1000, DType::float64).at({999}) == 0.7);
  CHECK(linspace(-1e308, 1e308, 3, DType::float64).to_vector<double>() == std::vector<double>{-1e308, 0, 1e308});
  CHECK(linspace(2, 5, 1).to_vector<float>() == std::vector<float>{2});
  CHECK(linspace(2, 5, 0).shape() == Shape{0});
  CHECK_THROWS_WITH(linspace(0, 1, -1), "linspace: the number of steps must not be negative, got -1");
  CHECK_THROWS_AS(linspace(0, std::numeric_limits<double>::infinity(), 3), ValueError);
  CHECK_THROWS_WITH(linspace(0, 1, 3, DType::int64), "linspace: needs float32 or float64, got int64");
}
