// Scalar: a number as an argument beside tensors: an exact integer, or a floating number.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <limits>
#include <string_view>
#include <type_traits>

namespace heed {
namespace detail {
template <class T>
concept UnscopedEnum = std::is_enum_v<T> && std::is_convertible_v<T, int64_t>;
template <class T>
concept StandsForNumber = std::is_class_v<T> && std::is_convertible_v<const T&, double>;
template <class T>
struct NumberOf {
  using Type = double;
};
template <class T>
requires std::is_arithmetic_v<typename T::value_type>
struct NumberOf<T> {
  using Type = typename T::value_type;
};
}  // namespace detail

/// The type of operations' number arguments. Conversions are implicit, for `x * 3`, `gt(x, 0.5)` and `full({2}, 1.5)`.
/// An integer stays an integer until the tensor's dtype is known: it is never converted through a double. Unsigned
/// integers beyond int64 are kept as floating numbers.
class Scalar {
 public:
  template <class T>
  requires std::is_arithmetic_v<T>
  constexpr Scalar(T value) : is_integer_(std::is_integral_v<T>) {  // NOLINT(google-explicit-constructor)
    if constexpr (std::is_unsigned_v<T> && sizeof(T) >= sizeof(int64_t)) {
      is_integer_ = value <= static_cast<T>(std::numeric_limits<int64_t>::max());
    }
    if (is_integer_) {
      integer_ = static_cast<int64_t>(value);
    } else {
      real_ = static_cast<double>(value);
    }
  }
  /// An unscoped enumerator, as the integer that it is.
  template <detail::UnscopedEnum T>
  constexpr Scalar(T value)  // NOLINT(google-explicit-constructor)
      : Scalar(static_cast<std::underlying_type_t<T>>(value)) {}
  /// Other types that convert to a number: an element of std::vector<bool>, or a type with value_type, as std::atomic.
  template <detail::StandsForNumber T>
  constexpr Scalar(const T& value)  // NOLINT(google-explicit-constructor)
      : Scalar(static_cast<typename detail::NumberOf<T>::Type>(value)) {}

  /// True if an int64 equals it: not a fraction, out of range or NaN.
  constexpr bool is_whole() const {
    // The range first: only within it can a double be converted.
    return is_integer_ || (in_range(real_) && static_cast<double>(static_cast<int64_t>(real_)) == real_);
  }

  /// As a T, rounded once towards a floating type; fractions are cut off towards an integer, and to bool it is x != 0.
  /// Throws ValueError "op: …" when a T cannot hold it.
  template <class T>
  constexpr T to(std::string_view op) const {
    if constexpr (std::is_same_v<T, bool>) {
      return is_integer_ ? integer_ != 0 : real_ != 0;
    } else if constexpr (std::is_floating_point_v<T>) {
      return is_integer_ ? static_cast<T>(integer_) : static_cast<T>(real_);
    } else {
      static_assert(std::is_integral_v<T>);
      if (!is_integer_ && !in_range(real_)) {
        refuse(op);
      }
      const int64_t whole = is_integer_ ? integer_ : static_cast<int64_t>(real_);
      const auto result = static_cast<T>(whole);
      if (static_cast<int64_t>(result) != whole || (std::is_unsigned_v<T> && whole < 0)) {
        refuse(op);
      }
      return result;
    }
  }

  /// The number, with the stream's precision but the same under every locale.
  friend std::ostream& operator<<(std::ostream& out, const Scalar& x);

 private:
  static constexpr bool in_range(double value) { return value >= -0x1p63 && value < 0x1p63; }
  [[noreturn]] void refuse(std::string_view op) const;

  union {
    double real_;
    int64_t integer_;
  };
  bool is_integer_;
};

}  // namespace heed
