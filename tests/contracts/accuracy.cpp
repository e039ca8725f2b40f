// exp, log, tanh and sigmoid against the C library's in long double, over dense sweeps of arguments, on every SIMD
// target. docs/numerics.md states the largest errors found.
#include <bit>
#include <cstdint>
#include <iomanip>
#include <iostream>

#include "contracts/simd_target.h"
#include "support/functions.h"
#include "support/reference.h"
#include "support/ulps.h"

namespace heed::test {
namespace {

/// The units in the last place allowed.
const std::pair<const char*, double> kAllowed[] = {{"exp", 1.1}, {"log", 1}, {"tanh", 3}, {"sigmoid", 3}};

/// Every 8191st float there is, NaN and infinities left out, and 200,000 between -20 and 20.
std::vector<float> arguments(float) {
  std::vector<float> x;
  for (uint64_t bits = 0; bits < (uint64_t{1} << 32); bits += 8191) {
    if (const auto value = std::bit_cast<float>(static_cast<uint32_t>(bits)); std::isfinite(value)) {
      x.push_back(value);
    }
  }
  for (int i = 0; i < 200000; ++i) {
    x.push_back(-20.0F + 40.0F * static_cast<float>(i) / 200000);
  }
  return x;
}

/// About 300,000 of all doubles, evenly in their bits, and 400,000 between -40 and 40 and around 1.
std::vector<double> arguments(double) {
  std::vector<double> x;
  constexpr uint64_t kStep = 61489146912345;
  for (uint64_t bits = kStep; bits > kStep - 1; bits += kStep) {
    if (const auto value = std::bit_cast<double>(bits); std::isfinite(value)) {
      x.push_back(value);
    }
  }
  for (int i = 0; i < 200000; ++i) {
    x.push_back(-40 + 80.0 * i / 200000);
    x.push_back(0.5 + 1.5 * i / 200000);
  }
  return x;
}

template <class T>
void sweep(const Function<Tensor>& function, double allowed) {
  const std::vector<T> x = arguments(T{});
  std::vector<Real> exact;
  exact.reserve(x.size());
  for (const T value : x) {
    exact.push_back(function.value(value));
  }
  const Tensor given = from_vector<T>(x, {static_cast<int64_t>(x.size())});
  const SimdTarget restored;
  for (const std::string& target : simd_targets()) {
    set_simd_target(target);
    const std::vector<T> got = function.heed(given).template to_vector<T>();
    double largest = 0;
    size_t where = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      if (const double error = ulps(got[i], exact[i]); error > largest) {
        largest = error;
        where = i;
      }
    }
    std::cout << std::left << std::setw(8) << function.name << dtype_of<T> << " " << std::setw(7) << target << " "
              << std::fixed << std::setprecision(3) << largest << " ulps" << std::defaultfloat << " at " << x[where]
              << ", of " << x.size() << " arguments" << std::endl;
    CAPTURE(function.name, target, x[where], got[where], static_cast<double>(exact[where]));
    CHECK(largest <= allowed);
  }
}

TEST_CASE("exp, log, tanh and sigmoid are within stated units in the last place of the exact value") {
  for (const auto& [name, ulps] : kAllowed) {
    sweep<float>(function<Tensor>(name), ulps);
    sweep<double>(function<Tensor>(name), ulps);
  }
}

}  // namespace
}  // namespace heed::test
