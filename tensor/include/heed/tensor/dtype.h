// DType: the element types of a tensor, as a run-time value, and the C++ types behind them.
#pragma once

#include <cstdint>
#include <ostream>
#include <type_traits>

namespace heed {

enum class DType : uint8_t { float32, float64, int64, boolean };

/// Bytes per element.
constexpr int64_t size_of(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return 4;
    case DType::boolean:
      return 1;
    default:
      return 8;
  }
}

constexpr bool is_floating(DType dtype) { return dtype == DType::float32 || dtype == DType::float64; }

/// "float32", "float64", "int64" or "bool".
const char* name_of(DType dtype);
std::ostream& operator<<(std::ostream& out, DType dtype);

/// The DType of a C++ type: `dtype_of<float>` is DType::float32.
template <class T>
inline constexpr DType dtype_of = [] {
  if constexpr (std::is_same_v<T, float>) {
    return DType::float32;
  } else if constexpr (std::is_same_v<T, double>) {
    return DType::float64;
  } else if constexpr (std::is_same_v<T, int64_t>) {
    return DType::int64;
  } else {
    static_assert(std::is_same_v<T, bool>, "tensors hold float, double, int64_t or bool");
    return DType::boolean;
  }
}();

}  // namespace heed
