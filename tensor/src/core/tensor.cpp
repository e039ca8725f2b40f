// Tensor's own members: a view onto storage and single elements of it.
#include <heed/tensor/tensor.h>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>

namespace heed {

Tensor::Tensor(Storage storage, DType dtype, const Shape& shape, const Strides& strides, int64_t offset)
    : storage_(std::move(storage)),
      shape_(shape),
      strides_(strides),
      offset_(offset),
      numel_(shape.numel()),
      dtype_(dtype) {}

int64_t Tensor::size(int64_t dim) const {
  check<IndexError>(defined(), "size", "the tensor is undefined");
  return shape_[normalize_dim(dim, rank(), "size")];
}

bool Tensor::is_contiguous() const {
  if (numel_ == 0) {
    return true;
  }
  int64_t step = 1;
  for (int64_t i = rank() - 1; i >= 0; --i) {
    if (shape_[i] != 1 && strides_[i] != step) {
      return false;
    }
    step *= shape_[i];
  }
  return true;
}

void Tensor::refuse_dtype(DType wanted) const {
  check<DTypeError>(defined(), "data", "the tensor is undefined");
  fail<DTypeError>("data", "elements are ", dtype_, ", asked for as ", wanted);
}

namespace {

/// The element `position` elements from the storage's start.
Scalar element(const Tensor& x, int64_t position) {
  const std::byte* bytes = x.storage().data() + position * size_of(x.dtype());
  switch (x.dtype()) {
    case DType::float32:
      return *reinterpret_cast<const float*>(bytes);
    case DType::float64:
      return *reinterpret_cast<const double*>(bytes);
    case DType::int64:
      return *reinterpret_cast<const int64_t*>(bytes);
    case DType::boolean:
      return *reinterpret_cast<const bool*>(bytes);
  }
  return 0;
}

}  // namespace

Scalar Tensor::only_element() const {
  check<ShapeError>(defined(), "item", "the tensor is undefined");
  check<ShapeError>(numel_ == 1, "item", "needs exactly one element, got shape ", shape_);
  return element(*this, offset_);
}

Scalar Tensor::element_at(const Shape& index) const {
  check<IndexError>(defined(), "at", "the tensor is undefined");
  check<IndexError>(index.rank() == rank(), "at", "needs an index for each of ", rank(), " axes, got ", index);
  int64_t position = offset_;
  for (int64_t i = 0; i < rank(); ++i) {
    check<IndexError>(index[i] >= -shape_[i] && index[i] < shape_[i], "at", "index ", index, " is outside shape ",
                      shape_);
    position += (index[i] < 0 ? index[i] + shape_[i] : index[i]) * strides_[i];
  }
  return element(*this, position);
}

template <class T>
std::vector<T> Tensor::to_vector() const {
  const detail::OperationScope operation("to_vector");
  const Tensor rows = contiguous(*this);
  const T* values = rows.data<T>();
  return std::vector<T>(values, values + numel_);
}
template std::vector<float> Tensor::to_vector<float>() const;
template std::vector<double> Tensor::to_vector<double>() const;
template std::vector<int64_t> Tensor::to_vector<int64_t>() const;
template std::vector<bool> Tensor::to_vector<bool>() const;

}  // namespace heed
