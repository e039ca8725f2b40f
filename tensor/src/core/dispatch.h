// Turns a run-time dtype into a type: calls a templated lambda with it, `dispatch_floating(dtype, "exp", [&]<class T>()
// {…})`.
#pragma once

#include <string_view>

#include <heed/tensor/dtype.h>
#include <heed/tensor/error.h>

namespace heed::detail {

/// Any dtype.
template <class Body>
decltype(auto) dispatch_all(DType dtype, Body&& body) {
  switch (dtype) {
    case DType::float64:
      return body.template operator()<double>();
    case DType::int64:
      return body.template operator()<int64_t>();
    case DType::boolean:
      return body.template operator()<bool>();
    default:
      return body.template operator()<float>();
  }
}

/// float32, float64, int64. Throws DTypeError naming `op`.
template <class Body>
decltype(auto) dispatch_number(DType dtype, std::string_view op, Body&& body) {
  switch (dtype) {
    case DType::float32:
      return body.template operator()<float>();
    case DType::float64:
      return body.template operator()<double>();
    case DType::int64:
      return body.template operator()<int64_t>();
    default:
      fail<DTypeError>(op, "needs float32, float64 or int64, got ", dtype);
  }
}

/// float32, float64. Throws DTypeError naming `op`.
template <class Body>
decltype(auto) dispatch_floating(DType dtype, std::string_view op, Body&& body) {
  switch (dtype) {
    case DType::float32:
      return body.template operator()<float>();
    case DType::float64:
      return body.template operator()<double>();
    default:
      fail<DTypeError>(op, "needs float32 or float64, got ", dtype);
  }
}

}  // namespace heed::detail
