// Numbers beside tensors: int64 ones stay exact wherever they stand, and what a dtype cannot hold is refused.
#include <heed/tensor/scalar.h>

#include <atomic>
#include <cmath>
#include <limits>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/reduce.h>

#include "support/message.h"
#include "support/reference.h"

using namespace heed;

namespace {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kOdd = (int64_t{1} << 53) + 1;  // the first that no double is equal to
const double kNaN = std::nan("");

using Integers = std::vector<int64_t>;
using Flags = std::vector<bool>;
enum { kPadding = 7 };
enum Digit : unsigned char { kTwo = 2 };

}  // namespace

TEST_CASE("enumerators and what stands for a number may be beside a tensor") {
  const Flags flags{true, false};
  const std::atomic<double> half = 0.5;
  CHECK(full({1}, kPadding, DType::int64).item<int64_t>() == 7);
  CHECK((tensor<int64_t>({5}) * kTwo).item<int64_t>() == 10);
  CHECK(scalar(flags[0], DType::boolean).item<bool>());
  CHECK((tensor<float>({3}) * half).item<float>() == 1.5F);
  const std::atomic<int64_t> odd = kOdd;
  CHECK(full({1}, odd, DType::int64).item<int64_t>() == kOdd);
}

TEST_CASE("an int64 beside a tensor does not pass through a double") {
  const Tensor x = tensor<int64_t>({kOdd - 1, kOdd, kOdd + 1});
  CHECK(eq(x, kOdd).to_vector<bool>() == Flags{false, true, false});
  CHECK(ne(x, kOdd).to_vector<bool>() == Flags{true, false, true});
  CHECK(lt(x, kOdd).to_vector<bool>() == Flags{true, false, false});
  CHECK(le(x, kOdd).to_vector<bool>() == Flags{true, true, false});
  CHECK(gt(x, kOdd).to_vector<bool>() == Flags{false, false, true});
  CHECK(ge(x, kOdd).to_vector<bool>() == Flags{false, true, true});
  CHECK((x - kOdd).to_vector<int64_t>() == Integers{-1, 0, 1});
  CHECK((kOdd - x).to_vector<int64_t>() == Integers{1, 0, -1});
  CHECK((tensor<int64_t>({-1, 0, 1}) + kOdd).to_vector<int64_t>() == x.to_vector<int64_t>());
  CHECK((tensor<int64_t>({1, -1}) * kOdd).to_vector<int64_t>() == Integers{kOdd, -kOdd});
  CHECK(clamp(x, kOdd, kOdd).to_vector<int64_t>() == Integers(3, kOdd));
  CHECK(masked_fill(x, ne(x, kOdd), kMost).to_vector<int64_t>() == Integers{kMost, kOdd, kMost});
  CHECK_THROWS_AS(clamp(x, kOdd, kOdd - 1), ValueError);
}

TEST_CASE("the ends of int64 are written, compared and read exactly") {
  for (const int64_t value : {kMost, kMost - 1, kLeast, kLeast + 1, -kOdd}) {
    const Tensor x = full({2}, value, DType::int64);
    CHECK(x.to_vector<int64_t>() == Integers{value, value});
    CHECK(x.at<int64_t>({1}) == value);
    CHECK(scalar(value, DType::int64).item<int64_t>() == value);
    CHECK(full_like(x, value - (value > 0 ? 1 : -1)).at<int64_t>({0}) == value - (value > 0 ? 1 : -1));
    CHECK(all(eq(x, value), {0}).item<bool>());
    Tensor y = zeros({3}, DType::int64);
    fill_(y, value);
    CHECK(y.at<int64_t>({2}) == value);
  }
  CHECK(clamp(tensor<int64_t>({kLeast, kMost}), -std::numeric_limits<double>::infinity(), kMost - 1)
            .to_vector<int64_t>() == Integers{kLeast, kMost - 1});
}

TEST_CASE("a number may be of any arithmetic type") {
  const Tensor x = tensor<int64_t>({2, 3});
  CHECK((x * 3).to_vector<int64_t>() == Integers{6, 9});
  CHECK((x * 3U).to_vector<int64_t>() == Integers{6, 9});
  CHECK((x * 3L).to_vector<int64_t>() == Integers{6, 9});
  CHECK((x * 3ULL).to_vector<int64_t>() == Integers{6, 9});
  CHECK((x * 3.0F).to_vector<int64_t>() == Integers{6, 9});
  CHECK((x * 3.0L).to_vector<int64_t>() == Integers{6, 9});
  CHECK((x * true).to_vector<int64_t>() == Integers{2, 3});
  CHECK((x * short{3}).to_vector<int64_t>() == Integers{6, 9});
  CHECK((size_t{3} * x).to_vector<int64_t>() == Integers{6, 9});
  CHECK(full({1}, 18446744073709551615U, DType::float64).item() == 0x1p64);
  CHECK_THROWS_AS(x + 18446744073709551615U, ValueError);
  CHECK(masked_fill(tensor<bool>({true, false}), tensor<bool>({true, false}), false).to_vector<bool>() ==
        Flags{false, false});
}

TEST_CASE("an integer is rounded once beside a floating tensor") {
  // Half a unit and a bit above 2^60: by way of a double the bit is lost, and the half then goes to the even side.
  const int64_t value = (int64_t{1} << 60) + (int64_t{1} << 36) + 1;
  CHECK(full({}, value).item<float>() == 0x1p60F + 0x1p37F);
  CHECK((zeros({1}) + value).item<float>() == 0x1p60F + 0x1p37F);
}

TEST_CASE("what int64 or bool cannot hold is refused by name") {
  const Tensor x = arange(2), flags = zeros({2}, DType::boolean);
  CHECK(message_of<ValueError>([] { full({2}, 2.5, DType::int64); }) == "full: int64 cannot hold 2.5");
  CHECK(message_of<ValueError>([] { scalar(kNaN, DType::int64); }) == "scalar: int64 cannot hold nan");
  CHECK(message_of<ValueError>([] { full_like(arange(3), 2.5); }) == "full_like: int64 cannot hold 2.5");
  CHECK(message_of<ValueError>([] {
          Tensor whole = arange(3);
          fill_(whole, 2.5);
        }) == "fill_: int64 cannot hold 2.5");
  CHECK(message_of<ValueError>([] { full({1}, 0x1p63, DType::int64); }) ==
        "full: int64 cannot hold 9223372036854775808");
  CHECK(message_of<ValueError>([] { full({1}, -1e20, DType::int64); }) ==
        "full: int64 cannot hold -100000000000000000000");
  CHECK(message_of<ValueError>([&] { eq(x, 0.5); }) ==
        "eq: beside an int64 tensor the number must be a whole one in range, got 0.5");
  CHECK(message_of<ValueError>([&] { masked_fill(x, flags, 0x1p63); }) ==
        "masked_fill: beside an int64 tensor the number must be a whole one in range, got 9223372036854775808");
  CHECK(message_of<ValueError>([&] { eq(flags, 2); }) == "eq: beside a bool tensor the number must be 0 or 1, got 2");
  Tensor y = arange(3);
  CHECK_THROWS_AS(fill_(y, 0.5), ValueError);
  CHECK_THROWS_AS(fill_(y, -0x1.8p63), ValueError);
  CHECK_THROWS_AS(clamp(x, kNaN, 1), ValueError);
  CHECK(y.to_vector<int64_t>() == Integers{0, 1, 2});
}

TEST_CASE("arange of whole numbers is exact, and int64 takes no others") {
  CHECK(arange(kOdd - 1, kOdd + 3).to_vector<int64_t>() == Integers{kOdd - 1, kOdd, kOdd + 1, kOdd + 2});
  CHECK(arange(kMost - 2, kMost).to_vector<int64_t>() == Integers{kMost - 2, kMost - 1});
  CHECK(arange(kLeast, kMost, kMost).to_vector<int64_t>() == Integers{kLeast, -1, kMost - 1});
  CHECK(arange(kMost, kLeast, kLeast).to_vector<int64_t>() == Integers{kMost, -1});
  CHECK(arange(0, 10, 4).to_vector<int64_t>() == Integers{0, 4, 8});
  CHECK(arange(0, -9, -4).to_vector<int64_t>() == Integers{0, -4, -8});
  CHECK(arange(5, 5).numel() == 0);
  CHECK(arange(kOdd, kOdd + 2, 1, DType::float64).numel() == 2);
  CHECK(arange(0.5, 2, 1, DType::float32).to_vector<float>() == std::vector<float>{0.5F, 1.5F});
  CHECK(message_of<ValueError>([] { arange(0, 2, 0.5); }) == "arange: int64 cannot hold 0.5");
  CHECK_THROWS_AS(arange(2.5), ValueError);
  CHECK_THROWS_AS(arange(kLeast, kMost), ShapeError);
  CHECK_THROWS_AS(arange(0, 2, 1, DType::boolean), DTypeError);
}

TEST_CASE("an element is not read as a type that cannot hold it") {
  CHECK(message_of<ValueError>([] { scalar(1e300, DType::float64).item<int64_t>(); }) ==
        "item: an integer cannot hold 1e+300");
  CHECK_THROWS_AS(scalar(kNaN).item<int64_t>(), ValueError);
  CHECK_THROWS_AS(scalar(kMost, DType::int64).item<int32_t>(), ValueError);
  CHECK_THROWS_AS(scalar(-1, DType::int64).item<uint64_t>(), ValueError);
  CHECK_THROWS_AS(scalar(300, DType::int64).at<uint8_t>({}), ValueError);
  CHECK(scalar(-2.75).item<int>() == -2);
  CHECK(scalar(0.5).item<bool>());
  CHECK(tensor<bool>({true}).at({0}) == 1);
}
