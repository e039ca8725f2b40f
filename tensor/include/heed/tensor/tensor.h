// Tensor: an n-dimensional array, a view onto shared storage. Plain data: no graph, no gradients.
// Operations are free functions, one family a header (elementwise.h, reduce.h, matmul.h, view.h, …).
#pragma once

#include <cstdint>
#include <vector>

#include <heed/tensor/dtype.h>
#include <heed/tensor/scalar.h>
#include <heed/tensor/shape.h>
#include <heed/tensor/storage.h>

namespace heed {

/// A handle: copies share storage. A default-constructed Tensor is undefined and holds nothing.
class Tensor {
 public:
  Tensor() = default;
  /// A view onto `storage`; `offset` and `strides` count elements. Ops make these; users call create.h.
  Tensor(Storage storage, DType dtype, const Shape& shape, const Strides& strides, int64_t offset);

  bool defined() const { return static_cast<bool>(storage_); }
  DType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  const Strides& strides() const { return strides_; }
  int64_t offset() const { return offset_; }
  int64_t rank() const { return shape_.rank(); }
  int64_t numel() const { return numel_; }
  /// The size along `dim`; negative counts from the end. Throws IndexError.
  int64_t size(int64_t dim) const;
  /// True when the elements stand in row-major order without gaps.
  bool is_contiguous() const;

  /// The first element. Throws DTypeError unless T is the element type.
  template <class T>
  const T* data() const {
    require_dtype(dtype_of<T>);
    return reinterpret_cast<const T*>(storage_.data()) + offset_;
  }
  /// As data(), for writing: counts as a change of the storage (see version()).
  template <class T>
  T* mutable_data() {
    require_dtype(dtype_of<T>);
    storage_.bump_version();
    return reinterpret_cast<T*>(storage_.data()) + offset_;
  }

  /// The only element, converted to T. Throws ShapeError unless there is exactly one, ValueError when an integer T
  /// cannot hold it.
  template <class T = double>
  T item() const {
    return only_element().to<T>("item");
  }
  /// The element at `index` (one entry per axis, negative ones from the end), converted to T: `x.at<int64_t>({2})`.
  /// Throws IndexError, ValueError when an integer T cannot hold it.
  template <class T = double>
  T at(const Shape& index) const {
    return element_at(index).to<T>("at");
  }
  /// All elements in row-major order. Throws DTypeError unless T is the element type.
  template <class T>
  std::vector<T> to_vector() const;

  const Storage& storage() const { return storage_; }
  /// Grows each time the storage is opened for writing, through whichever tensor.
  uint64_t version() const { return storage_.version(); }

 private:
  void require_dtype(DType wanted) const {
    if (wanted != dtype_ || !defined()) [[unlikely]] {
      refuse_dtype(wanted);
    }
  }
  [[noreturn]] void refuse_dtype(DType wanted) const;
  Scalar only_element() const;
  Scalar element_at(const Shape& index) const;

  Storage storage_;
  Shape shape_;
  Strides strides_;
  int64_t offset_ = 0;
  int64_t numel_ = 0;
  DType dtype_ = DType::float32;
};

}  // namespace heed
