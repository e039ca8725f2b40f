// What a kernel file offers, for float32 and for float64.
#pragma once

#include <type_traits>

namespace heed::kernels {

template <template <class> class Kernels>
struct FloatKernels {
  Kernels<float> f32;
  Kernels<double> f64;

  template <class T>
  constexpr const Kernels<T>& get() const {
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>);
    if constexpr (std::is_same_v<T, float>) {
      return f32;
    } else {
      return f64;
    }
  }
};

}  // namespace heed::kernels
