// Shape's checks, and the rules of axes and broadcasting.
#include <heed/tensor/shape.h>

#include <algorithm>
#include <numeric>
#include <string>

#include <heed/tensor/error.h>

namespace heed {

Shape::Shape(std::span<const int64_t> values) : rank_(static_cast<int64_t>(values.size())) {
  check<ShapeError>(rank_ <= kMaxRank, "shape", "at most ", kMaxRank, " axes are possible, got ", rank_);
  std::copy(values.begin(), values.end(), values_);
}

Shape Shape::filled(int64_t rank, int64_t value) {
  check<ShapeError>(rank <= kMaxRank, "shape", "at most ", kMaxRank, " axes are possible, got ", rank);
  Shape shape;
  shape.rank_ = rank;
  std::fill_n(shape.values_, rank, value);
  return shape;
}

void Shape::push_back(int64_t value) { insert(rank_, value); }

void Shape::insert(int64_t position, int64_t value) {
  check<ShapeError>(rank_ < kMaxRank, "shape", "at most ", kMaxRank, " axes are possible, got ", rank_ + 1);
  std::copy_backward(values_ + position, values_ + rank_, values_ + rank_ + 1);
  values_[position] = value;
  ++rank_;
}

void Shape::erase(int64_t position) {
  std::copy(values_ + position + 1, values_ + rank_, values_ + position);
  --rank_;
}

bool Shape::contains(int64_t value) const { return std::find(begin(), end(), value) != end(); }

int64_t Shape::numel() const {
  int64_t count = 1;
  bool empty_axis = false;
  for (const int64_t size : *this) {
    check<ShapeError>(size >= 0, "shape", "sizes must not be negative, got ", *this);
    if (size == 0) {
      empty_axis = true;
      continue;
    }
    check<ShapeError>(!__builtin_mul_overflow(count, size, &count), "shape", "too many elements in ", *this);
  }
  return empty_axis ? 0 : count;
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) {
  std::string text = "(";
  for (int64_t i = 0; i < shape.rank(); ++i) {
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  }
  return out << text + (shape.rank() == 1 ? ",)" : ")");
}

Strides contiguous_strides(const Shape& shape) {
  Strides strides = shape;
  int64_t step = 1;
  for (int64_t i = shape.rank() - 1; i >= 0; --i) {
    strides[i] = step;
    step *= std::max<int64_t>(shape[i], 1);
  }
  return strides;
}

Shape broadcast_shapes(const Shape& a, const Shape& b, std::string_view op) {
  const Shape& longer = a.rank() >= b.rank() ? a : b;
  const Shape& shorter = a.rank() >= b.rank() ? b : a;
  Shape result = longer;
  const int64_t shift = longer.rank() - shorter.rank();
  for (int64_t i = 0; i < shorter.rank(); ++i) {
    const int64_t one = longer[shift + i];
    const int64_t other = shorter[i];
    check<ShapeError>(one == other || one == 1 || other == 1, op, "shapes do not broadcast, got ", a, " and ", b);
    result[shift + i] = one == 1 ? other : one;
  }
  return result;
}

int64_t normalize_dim(int64_t dim, int64_t rank, std::string_view op) {
  check<IndexError>(dim >= -rank && dim < rank, op, "axis ", dim, " is out of range for rank ", rank);
  return dim < 0 ? dim + rank : dim;
}

Dims all_axes(int64_t rank) {
  Dims axes = Dims::filled(rank, 0);
  std::iota(axes.begin(), axes.end(), 0);
  return axes;
}

Dims normalize_dims(const Dims& dims, int64_t rank, std::string_view op) {
  Shape named = Shape::filled(rank, 0);
  for (const int64_t dim : dims) {
    int64_t& times = named[normalize_dim(dim, rank, op)];
    check<IndexError>(times++ == 0, op, "axes must differ, got ", dims);
  }
  Dims result;
  for (int64_t i = 0; i < rank; ++i) {
    if (named[i] != 0) result.push_back(i);
  }
  return result;
}

}  // namespace heed
