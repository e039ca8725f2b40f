// Printing: the expected texts are what numpy.array2string of NumPy 1.24 gives.
#include <heed/tensor/print.h>

#include <limits>
#include <sstream>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/view.h>

#include "support/catch.h"

using namespace heed;

namespace {
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
}  // namespace

TEST_CASE("to_string prints positional floats as NumPy does") {
  CHECK(to_string(tensor<float>({1, 2, 3})) == R"([1. 2. 3.])");
  CHECK(to_string(tensor<float>({0.1F, 0.25F, -3})) == R"([ 0.1   0.25 -3.  ])");
  CHECK(to_string(tensor<double>({0.1, 1.0 / 3, 200})) == R"([1.00000000e-01 3.33333333e-01 2.00000000e+02])");
  CHECK(to_string(tensor<float>({1.0F / 3, 2.0F / 3})) == R"([0.33333334 0.6666667 ])");
  CHECK(to_string(tensor<float>({-0.F, 0, 1000})) == R"([  -0.    0. 1000.])");
  CHECK(to_string(tensor<float>({56281488, 1}), {.suppress = true}) == R"([56281488.        1.])");
  CHECK(to_string(tensor<double>({0.999999999, 2.0000000001})) == R"([1. 2.])");
  CHECK(to_string(tensor<float>({99999999.F})) == R"([1.e+08])");
  CHECK(to_string(tensor<double>({99999999})) == R"([99999999.])");
  CHECK(to_string(scalar(1)) == R"(1.)");
  CHECK(to_string(scalar(-0.001953125)) == R"(-0.00195312)");
}

TEST_CASE("to_string prints powers of ten as NumPy does") {
  CHECK(to_string(tensor<float>({1e8F})) == R"([1.e+08])");
  CHECK(to_string(tensor<float>({1, 1001})) == R"([1.000e+00 1.001e+03])");
  CHECK(to_string(tensor<float>({1, 1000})) == R"([   1. 1000.])");
  CHECK(to_string(tensor<float>({0.0001F, 0})) == R"([1.e-04 0.e+00])");
  CHECK(to_string(tensor<double>({0.0001})) == R"([0.0001])");
  CHECK(to_string(tensor<double>({0.00009})) == R"([9.e-05])");
  CHECK(to_string(tensor<float>({1e-5F, 1})) == R"([1.e-05 1.e+00])");
  CHECK(to_string(tensor<float>({0.1F, -1.2345678e-12F})) == R"([ 1.0000000e-01 -1.2345678e-12])");
  CHECK(to_string(tensor<double>({1e100, -1, 1e-300})) == R"([ 1.e+100 -1.e+000  1.e-300])");
  CHECK(to_string(tensor<double>({1e10, 2e10})) == R"([1.e+10 2.e+10])");
  CHECK(to_string(scalar(6.02214076e23, DType::float64)) == R"(6.02214076e+23)");
  CHECK(to_string(tensor<double>({1.23456789012e-9, 1})) == R"([1.23456789e-09 1.00000000e+00])");
}

TEST_CASE("to_string prints precision and suppress as NumPy does") {
  CHECK(to_string(tensor<double>({3.14159265, 2.5, 100}), {.precision = 3}) == R"([  3.142   2.5   100.   ])");
  CHECK(to_string(tensor<double>({0.5, 1.5, 2.5}), {.precision = 0}) == R"([0. 2. 2.])");
  CHECK(to_string(tensor<double>({1e-9, 1}), {.suppress = true}) == R"([0. 1.])");
  CHECK(to_string(tensor<double>({1e-9, 1}), {.precision = 2}) == R"([1.e-09 1.e+00])");
  CHECK(to_string(tensor<float>({0.1F}), {.precision = 17}) == R"([0.1])");
  CHECK(to_string(tensor<double>({1e-5, 123456}), {.precision = 4, .suppress = true}) == R"([     0. 123456.])");
  CHECK(to_string(tensor<double>({1e9, 1e-9}), {.precision = 4, .suppress = true}) == R"([1.e+09 1.e-09])");
}

TEST_CASE("to_string prints nan and infinity as NumPy does") {
  CHECK(to_string(tensor<float>({kNan, 1, kInfinity})) == R"([nan  1. inf])");
  CHECK(to_string(tensor<float>({kNan, 1, -kInfinity})) == R"([ nan   1. -inf])");
  CHECK(to_string(tensor<float>({kNan, kNan})) == R"([nan nan])");
  CHECK(to_string(tensor<float>({-kInfinity, 0.125F})) == R"([ -inf 0.125])");
  CHECK(to_string(tensor<float>({-kInfinity, 1e-9F})) == R"([  -inf 1.e-09])");
  CHECK(to_string(tensor<float>({-kInfinity})) == R"([-inf])");
}

TEST_CASE("to_string prints integers and truth values as NumPy does") {
  CHECK(to_string(tensor<int64_t>({1, -20, 300})) == R"([  1 -20 300])");
  CHECK(to_string(tensor<int64_t>({std::numeric_limits<int64_t>::min(), 0})) ==
        R"([-9223372036854775808                    0])");
  CHECK(to_string(scalar(7, DType::int64)) == R"(7)");
  CHECK(to_string(tensor<bool>({true, false})) == R"([ True False])");
  CHECK(to_string(tensor<bool>({true, true})) == R"([ True  True])");
  CHECK(to_string(scalar(1, DType::boolean)) == R"(True)");
  CHECK(to_string(reshape(arange(6), {2, 3})) == R"([[0 1 2]
 [3 4 5]])");
}

TEST_CASE("to_string prints more axes as NumPy does") {
  CHECK(to_string(reshape(arange(12), {2, 3, 2})) == R"([[[ 0  1]
  [ 2  3]
  [ 4  5]]

 [[ 6  7]
  [ 8  9]
  [10 11]]])");
  CHECK(to_string(reshape(arange(8), {2, 2, 1, 2})) == R"([[[[0 1]]

  [[2 3]]]


 [[[4 5]]

  [[6 7]]]])");
  CHECK(to_string(to(reshape(arange(6), {3, 2}), DType::float32)) == R"([[0. 1.]
 [2. 3.]
 [4. 5.]])");
  CHECK(to_string(transpose(to(reshape(arange(6), {3, 2}), DType::float32), 0, 1)) == R"([[0. 2. 4.]
 [1. 3. 5.]])");
  CHECK(to_string(expand(tensor<bool>({true, false}), {2, 2})) == R"([[ True False]
 [ True False]])");
  CHECK(to_string(zeros({1, 1, 1, 1, 1, 1, 1, 1})) == R"([[[[[[[[0.]]]]]]]])");
}

TEST_CASE("to_string prints empty tensors as NumPy does") {
  CHECK(to_string(empty({0})) == R"([])");
  CHECK(to_string(empty({2, 0})) == R"([])");
  CHECK(to_string(empty({0, 2}, DType::int64)) == R"([])");
}

TEST_CASE("to_string prints long lines as NumPy does") {
  CHECK(to_string(arange(30)) == R"([ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
 24 25 26 27 28 29])");
  CHECK(to_string(arange(0, 1, 0.0625, DType::float64), {.line_width = 40}) == R"([0.     0.0625 0.125  0.1875 0.25
 0.3125 0.375  0.4375 0.5    0.5625
 0.625  0.6875 0.75   0.8125 0.875
 0.9375])");
  CHECK(to_string(reshape(arange(24), {2, 12}), {.line_width = 20}) == R"([[ 0  1  2  3  4
   5  6  7  8  9
  10 11]
 [12 13 14 15 16
  17 18 19 20 21
  22 23]])");
  CHECK(to_string(reshape(arange(8), {2, 2, 2}), {.line_width = 4}) == R"([[[0
   1]
  [2
   3]]

 [[4
   5]
  [6
   7]]])");
  CHECK(to_string(reshape(arange(100, 108), {2, 4}), {.line_width = 18}) == R"([[100 101 102
  103]
 [104 105 106
  107]])");
  CHECK(to_string(reshape(arange(100, 108), {2, 4}), {.line_width = 17}) == R"([[100 101 102
  103]
 [104 105 106
  107]])");
  CHECK(to_string(arange(3), {.line_width = 7}) == R"([0 1 2])");
  CHECK(to_string(arange(3), {.line_width = 6}) == R"([0 1
 2])");
}

TEST_CASE("to_string prints summaries as NumPy does") {
  CHECK(to_string(arange(1001)) == R"([   0    1    2 ...  998  999 1000])");
  CHECK(to_string(to(reshape(arange(1200), {2, 600}), DType::float32)) ==
        R"([[0.000e+00 1.000e+00 2.000e+00 ... 5.970e+02 5.980e+02 5.990e+02]
 [6.000e+02 6.010e+02 6.020e+02 ... 1.197e+03 1.198e+03 1.199e+03]])");
  CHECK(to_string(reshape(arange(2000), {500, 4})) == R"([[   0    1    2    3]
 [   4    5    6    7]
 [   8    9   10   11]
 ...
 [1988 1989 1990 1991]
 [1992 1993 1994 1995]
 [1996 1997 1998 1999]])");
  CHECK(to_string(reshape(arange(1000), {10, 10, 10}), {.threshold = 999, .edge_items = 1}) == R"([[[  0 ...   9]
  ...
  [ 90 ...  99]]

 ...

 [[900 ... 909]
  ...
  [990 ... 999]]])");
  CHECK(to_string(reshape(arange(1000), {10, 10, 10}), {.threshold = 999, .edge_items = 2, .line_width = 14}) ==
        R"([[[  0   1
   ...   8
     9]
  [ 10  11
   ...  18
    19]
  ...
  [ 80  81
   ...  88
    89]
  [ 90  91
   ...  98
    99]]

 [[100 101
   ... 108
   109]
  [110 111
   ... 118
   119]
  ...
  [180 181
   ... 188
   189]
  [190 191
   ... 198
   199]]

 ...

 [[800 801
   ... 808
   809]
  [810 811
   ... 818
   819]
  ...
  [880 881
   ... 888
   889]
  [890 891
   ... 898
   899]]

 [[900 901
   ... 908
   909]
  [910 911
   ... 918
   919]
  ...
  [980 981
   ... 988
   989]
  [990 991
   ... 998
   999]]])");
  CHECK(to_string(arange(7), {.threshold = 5}) == R"([0 1 2 ... 4 5 6])");
  CHECK(to_string(arange(6), {.threshold = 5}) == R"([0 1 2 3 4 5])");
  CHECK(to_string(to(arange(2000), DType::float64)) ==
        R"([0.000e+00 1.000e+00 2.000e+00 ... 1.997e+03 1.998e+03 1.999e+03])");
}

TEST_CASE("operator<< prints with the default options") {
  std::ostringstream out;
  out << tensor<float>({1, 2.5F});
  CHECK(out.str() == "[1.  2.5]");
}

TEST_CASE("to_string takes the largest precision and the smallest numbers") {
  const std::string text = to_string(tensor<double>({5e-324, 1e7}), {.precision = 400, .suppress = true});
  CHECK(text.find("0.000") != std::string::npos);
  CHECK(text.size() < 1000);
}

TEST_CASE("to_string refuses undefined tensors and options that make no sense") {
  CHECK_THROWS_AS(to_string(Tensor()), ValueError);
  CHECK_THROWS_AS(to_string(ones({1}), {.precision = -1}), ValueError);
  CHECK_THROWS_AS(to_string(ones({1}), {.precision = 401}), ValueError);
  CHECK_THROWS_AS(to_string(ones({1}), {.edge_items = 0}), ValueError);
}
