// Shape: a short list of sizes, strides or axes, held inline. Also NumPy's broadcasting rule.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <span>
#include <string_view>
#include <vector>

namespace heed {

/// The largest number of axes a tensor can have.
inline constexpr int64_t kMaxRank = 8;

/// Up to kMaxRank integers: sizes, strides or axes. Throws ShapeError when given more.
class Shape {
 public:
  Shape() noexcept {}  // values beyond the rank stay unset
  Shape(std::initializer_list<int64_t> values) : Shape(std::span(values.begin(), values.size())) {}
  Shape(const std::vector<int64_t>& values) : Shape(std::span(values)) {}
  explicit Shape(std::span<const int64_t> values);
  /// `rank` times `value`.
  static Shape filled(int64_t rank, int64_t value);

  int64_t rank() const { return rank_; }
  bool empty() const { return rank_ == 0; }
  int64_t operator[](int64_t i) const { return values_[i]; }
  int64_t& operator[](int64_t i) { return values_[i]; }
  int64_t front() const { return values_[0]; }
  int64_t back() const { return values_[rank_ - 1]; }

  void push_back(int64_t value);
  void insert(int64_t position, int64_t value);
  void erase(int64_t position);
  bool contains(int64_t value) const;

  const int64_t* begin() const { return values_; }
  const int64_t* end() const { return values_ + rank_; }
  int64_t* begin() { return values_; }
  int64_t* end() { return values_ + rank_; }

  /// The product of all sizes; 1 for rank 0. Throws ShapeError when it does not fit 63 bits or a size is negative.
  int64_t numel() const;

  friend bool operator==(const Shape& a, const Shape& b) {
    if (a.rank_ != b.rank_) {
      return false;
    }
    for (int64_t i = 0; i < a.rank_; ++i) {
      if (a.values_[i] != b.values_[i]) {
        return false;
      }
    }
    return true;
  }

 private:
  int64_t values_[kMaxRank];
  int64_t rank_ = 0;
};

using Strides = Shape;
/// A list of axes; negative ones count from the end. A single axis needs no braces: `sum(x, 1)`.
class Dims : public Shape {
 public:
  using Shape::Shape;
  Dims() noexcept {}
  Dims(const Shape& axes) : Shape(axes) {}  // NOLINT(google-explicit-constructor)
  template <std::integral T>
  requires(!std::same_as<T, bool>)  // which would be meant for `keepdim`
      Dims(T axis)
      : Shape({static_cast<int64_t>(axis)}) {}  // NOLINT(google-explicit-constructor)
};

/// "(2, 3)", "(5,)", "()".
std::ostream& operator<<(std::ostream& out, const Shape& shape);

/// Strides of a row-major layout without gaps.
Strides contiguous_strides(const Shape& shape);

/// The shape that `a` and `b` broadcast to (NumPy's rule: align at the end, sizes equal or 1). Throws ShapeError.
Shape broadcast_shapes(const Shape& a, const Shape& b, std::string_view op);

/// `dim` as an axis in 0 … rank-1, negative ones counted from the end. Throws IndexError.
int64_t normalize_dim(int64_t dim, int64_t rank, std::string_view op);

/// 0 … rank-1.
Dims all_axes(int64_t rank);

/// Each of `dims` normalized, sorted and checked to be different. Throws IndexError.
Dims normalize_dims(const Dims& dims, int64_t rank, std::string_view op);

}  // namespace heed
