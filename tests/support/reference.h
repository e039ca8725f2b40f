// What tests of tensor ops compare with: random inputs in several layouts, plain float64 values, bits.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include <heed/tensor/create.h>
#include <heed/tensor/parallel.h>
#include <heed/tensor/view.h>

#include "support/catch.h"

namespace heed::test {

/// Uniform values in [low, high); for int64 whole ones, for bool true where the value is above the middle.
inline Tensor random_tensor(const Shape& shape, uint32_t seed, DType dtype = DType::float32, double low = -2,
                            double high = 2) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<double> uniform(low, high);
  std::vector<double> values(static_cast<size_t>(shape.numel()));
  for (double& value : values) {
    value = uniform(engine);
    if (dtype == DType::boolean) {
      value = value > (low + high) / 2;
    }
  }
  return to(from_vector(values, shape), dtype);
}

/// The same values with the axes in the opposite order in memory and a gap behind each element.
inline Tensor strided(const Tensor& x) {
  Shape sizes;
  Dims order;
  for (int64_t axis = x.rank() - 1; axis >= 0; --axis) {
    sizes.push_back(2 * x.shape()[axis]);
    order.push_back(axis);
  }
  Tensor view = permute(full(sizes, is_floating(x.dtype()) ? std::nan("") : 1, x.dtype()), order);
  for (int64_t axis = 0; axis < x.rank(); ++axis) {
    view = slice(view, axis, 0, 2 * x.shape()[axis], 2);
  }
  copy_(view, x);
  return view;
}

/// All elements in row-major order, as float64.
inline std::vector<double> values(const Tensor& x) { return to(x, DType::float64).to_vector<double>(); }

/// Calls f(index) for every index of `shape` in row-major order.
template <class F>
void for_each_index(const Shape& shape, const F& f) {
  Shape index = Shape::filled(shape.rank(), 0);
  for (int64_t i = 0; i < shape.numel(); ++i) {
    f(index);
    for (int64_t axis = shape.rank() - 1; axis >= 0 && ++index[axis] == shape[axis]; --axis) {
      index[axis] = 0;
    }
  }
}

/// The index in `shape` that broadcasting reads for `index` of a result.
inline Shape broadcast_index(const Shape& index, const Shape& shape) {
  Shape result = shape;
  for (int64_t axis = 0; axis < shape.rank(); ++axis) {
    result[axis] = shape[axis] == 1 ? 0 : index[index.rank() - shape.rank() + axis];
  }
  return result;
}

/// Equal within `tolerance` times the larger of 1 and the expected size; NaN equals NaN, infinities themselves.
inline void check_close(const std::vector<double>& actual, const std::vector<double>& expected, double tolerance) {
  REQUIRE(actual.size() == expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    const bool same = actual[i] == expected[i] || (std::isnan(actual[i]) && std::isnan(expected[i]));
    if (!same && !(std::abs(actual[i] - expected[i]) <= tolerance * std::max(1.0, std::abs(expected[i])))) {
      CAPTURE(i, actual[i], expected[i]);
      FAIL("values differ");
    }
  }
}

inline void check_close(const Tensor& actual, const Tensor& expected, double tolerance) {
  REQUIRE(actual.shape() == expected.shape());
  check_close(values(actual), values(expected), tolerance);
}

/// The same shape, dtype and bits.
inline bool same_bits(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape() || a.dtype() != b.dtype()) {
    return false;
  }
  const Tensor x = clone(a), y = clone(b);
  return std::memcmp(x.storage().data(), y.storage().data(), static_cast<size_t>(x.numel() * size_of(x.dtype()))) == 0;
}

/// Sets the number of threads while it lives.
class Threads {
 public:
  explicit Threads(int count) : before_(num_threads()) { set_num_threads(count); }
  ~Threads() { set_num_threads(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  int before_;
};

/// f(), a Tensor, has the same bits on 1, 2 and 7 threads.
template <class F>
void check_threads(const F& f) {
  const auto run = [&](int count) {
    const Threads threads(count);
    return f();
  };
  const Tensor expected = run(1);
  CHECK(same_bits(run(2), expected));
  CHECK(same_bits(run(7), expected));
}

/// What `f` throws, which must be a Kind.
template <class Kind, class F>
std::string message_of(const F& f) {
  try {
    f();
  } catch (const Kind& error) {
    return error.what();
  }
  FAIL("nothing was thrown");
  return "";
}

}  // namespace heed::test
