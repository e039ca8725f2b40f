// Converts a number argument to an element of a tensor.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include <heed/tensor/error.h>
#include <heed/tensor/scalar.h>

namespace heed::detail {

/// A number that int64 cannot hold, for a message: below 1e21 all digits of its whole part are told.
std::string all_digits(Scalar value);

/// `value` as a value to fill a tensor with: to bool it is value != 0. Throws ValueError when int64 cannot hold it.
template <class T>
T convert_fill(Scalar value, std::string_view op) {
  if constexpr (std::is_same_v<T, int64_t>) {
    check(value.is_whole(), op, "int64 cannot hold ", all_digits(value));
  }
  return value.to<T>(op);
}

/// `value` as an element of an op's other operand. Throws ValueError when that is int64 or bool and cannot hold it.
template <class T>
T convert_scalar(Scalar value, std::string_view op) {
  if constexpr (std::is_same_v<T, int64_t>) {
    check(value.is_whole(), op, "beside an int64 tensor the number must be a whole one in range, got ",
          all_digits(value));
  } else if constexpr (std::is_same_v<T, bool>) {
    const auto number = value.to<double>(op);
    check(number == 0 || number == 1, op, "beside a bool tensor the number must be 0 or 1, got ", value);
  }
  return value.to<T>(op);
}

}  // namespace heed::detail
