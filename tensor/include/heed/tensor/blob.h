// from_blob: somebody else's memory seen as a tensor, without a copy. The memory is held until the last tensor on it
// is gone.
//
//   std::vector<double> values = …;                     // outlives x
//   Tensor x = from_blob(values.data(), {2, 3});        // writing to x writes to values
//   auto* file = new MappedFile(…);                     // or x owns it
//   Tensor y = from_blob(file->floats(), {n}, [file](void*) { delete file; });
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include <heed/tensor/tensor.h>

namespace heed {

/// Called with the pointer that from_blob was given, once: when the last tensor on the memory goes, on the thread that
/// drops it. Must not throw.
using BlobDeleter = std::function<void(void*)>;

/// A tensor on the elements of `dtype` that begin at `data`; `strides` count elements. Until `deleter` is called the
/// memory must stay; with none, as long as there is a tensor on it (PyTorch's torch::from_blob).
/// `data` needs the alignment of its elements, no more, and may be null only where there are none.
/// Versions count writes through this tensor and its views: neither those of the owner, nor those through another
/// tensor made of the same memory.
/// Throws ShapeError for negative sizes, strides that are not one per axis, negative or too large; ValueError for
/// strides by which elements share memory, a null or unaligned pointer. The deleter is not called then.
Tensor from_blob(void* data, const Shape& shape, const Strides& strides, BlobDeleter deleter, DType dtype);
/// The same, read-only: an operation that would write throws ValueError and changes nothing.
Tensor from_blob(const void* data, const Shape& shape, const Strides& strides, BlobDeleter deleter, DType dtype);

/// Row-major, without gaps.
Tensor from_blob(void* data, const Shape& shape, BlobDeleter deleter, DType dtype);
Tensor from_blob(const void* data, const Shape& shape, BlobDeleter deleter, DType dtype);

namespace detail {
template <class T>
auto* untyped(T* data) {
  return static_cast<std::conditional_t<std::is_const_v<T>, const void, void>*>(data);
}
}  // namespace detail

/// With the dtype of T, which is float, double, int64_t or bool. Of a pointer to const: read-only.
template <class T>
Tensor from_blob(T* data, const Shape& shape, const Strides& strides, BlobDeleter deleter = nullptr) {
  return from_blob(detail::untyped(data), shape, strides, std::move(deleter), dtype_of<std::remove_const_t<T>>);
}
template <class T>
Tensor from_blob(T* data, const Shape& shape, BlobDeleter deleter = nullptr) {
  return from_blob(detail::untyped(data), shape, std::move(deleter), dtype_of<std::remove_const_t<T>>);
}

}  // namespace heed
