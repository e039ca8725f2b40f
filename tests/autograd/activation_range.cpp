// Functions of one operand with their first and second derivatives, from 0 to infinity and at NaN, against formulas in
// long double.
#include <cmath>
#include <limits>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>

#include "support/functions.h"
#include "support/reference.h"

namespace heed::test {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

template <class T>
std::vector<double> points() {
  using Limits = std::numeric_limits<T>;
  std::vector<double> all{0};
  for (const double size :
       {double{Limits::denorm_min()}, double{Limits::min()} / 3, double{Limits::min()}, 1e-20, 0.5, 3.0, 19.0, 1e4,
        1e13, 2e19, 1e20, std::sqrt(double{Limits::max()}), double{Limits::max()}, double{Limits::infinity()}}) {
    const double number{static_cast<T>(size)};
    all.push_back(number);
    all.push_back(-number);
  }
  return all;
}

/// Equal within `tolerance` of what is right, once that is rounded to T; and of 1 where x is above 1, for values that
/// pass through 0 there.
template <class T>
void check_values(const char* what, const std::vector<double>& x, const std::vector<double>& got, Formula right,
                  double tolerance) {
  for (size_t i = 0; i < x.size(); ++i) {
    const auto want = static_cast<double>(static_cast<T>(right(x[i])));
    CAPTURE(what, x[i], got[i], want);
    const bool same = got[i] == want || (std::isnan(got[i]) && std::isnan(want));
    const double slack = std::abs(x[i]) <= 1 ? double{std::numeric_limits<T>::denorm_min()}
                                             : std::max(0.0, tolerance * (1 - std::abs(want)));
    CHECK((same || std::abs(got[i] - want) <= tolerance * std::abs(want) + slack));
  }
}

template <class T>
void check_function(const Function<Variable>& f, DType dtype) {
  CAPTURE(f.name, dtype);
  const double tolerance = 16 * double{std::numeric_limits<T>::epsilon()};
  std::vector<double> x = points<T>();
  if (f.value(-1) != f.value(-1)) {  // no function of negative numbers
    std::erase_if(x, [](double each) { return each < 0; });
  }
  const auto size = static_cast<int64_t>(x.size());
  const Variable in(to(from_vector(x, {size}), dtype), true);
  const Variable y = f.heed(in);
  check_values<T>("value", x, values(y.value()), f.value, tolerance);
  check_values<T>("first", x, values(grad({sum(y)}, {in}, {.retain_graph = true})[0].value()), f.first, tolerance);
  const Variable slope = grad({sum(y)}, {in}, {.create_graph = true})[0];
  check_values<T>("first, with a graph", x, values(slope.value()), f.first, tolerance);
  if (f.second != zero) {
    check_values<T>("second", x, values(grad({sum(slope)}, {in})[0].value()), f.second, tolerance);
  }
}

TEST_CASE("functions and their derivatives are right from the smallest number to infinity") {
  for (const Function<Variable>& f : functions<Variable>()) {
    if (f.first != nullptr) {
      check_function<float>(f, DType::float32);
      check_function<double>(f, DType::float64);
    }
  }
}

TEST_CASE("functions of NaN are NaN, and no gradient is lost there") {
  for (const Function<Variable>& f : functions<Variable>()) {
    for (const DType dtype : {DType::float32, DType::float64}) {
      CAPTURE(f.name, dtype);
      const Variable x(full({1}, kNaN, dtype), true);
      const Variable y = f.heed(x);
      CHECK(std::isnan(y.value().item()));
      CHECK(grad({y}, {x})[0].value().item() != 0);  // NaN or 1
    }
  }
}

TEST_CASE("a power of infinity does not change with a negative exponent") {
  const Variable base = tensor<double>({kInf, kInf, 0, 2}), exponent(tensor<double>({-1, -0.5, 2, -1}), true);
  check_close(values(grad({sum(pow(base, exponent))}, {exponent})[0].value()), {0, 0, 0, std::log(2) / 2}, 1e-15);
}

}  // namespace
}  // namespace heed::test
