// Borrowed memory: see blob.h.
#include <heed/tensor/blob.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/overlap.h>

namespace heed {
namespace {

struct BorrowedBlock : detail::Block {
  void* given = nullptr;
  BlobDeleter deleter;
};

void give_back(detail::Block* block) noexcept {
  auto* const borrowed = static_cast<BorrowedBlock*>(block);
  if (borrowed->deleter) {
    borrowed->deleter(borrowed->given);
  }
  delete borrowed;
}

/// The bytes from the first element to the end of the last.
int64_t bytes_of(const Shape& shape, const Strides& strides, DType dtype) {
  check<ShapeError>(strides.rank() == shape.rank(), "from_blob", "needs one stride per axis, got shape ", shape,
                    " and strides ", strides);
  for (int64_t i = 0; i < shape.rank(); ++i) {
    check<ShapeError>(shape[i] >= 0, "from_blob", "sizes must not be negative, got ", shape);
    check<ShapeError>(strides[i] >= 0, "from_blob", "strides must not be negative, got ", strides);
  }
  if (shape.numel() == 0) {
    return 0;
  }
  int64_t elements = 1;
  bool fits = true;
  for (int64_t i = 0; i < shape.rank(); ++i) {
    int64_t reach = 0;
    fits = fits && !__builtin_mul_overflow(shape[i] - 1, strides[i], &reach) &&
           !__builtin_add_overflow(elements, reach, &elements);
  }
  int64_t bytes = 0;
  fits = fits && !__builtin_mul_overflow(elements, size_of(dtype), &bytes);
  check<ShapeError>(fits, "from_blob", "no memory is as large as shape ", shape, " with strides ", strides);
  return bytes;
}

/// A bool of another byte is neither true nor false to what reads it.
void require_bools(const Tensor& x) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(x.data<bool>());
  const auto* const bad = std::find_if(bytes, bytes + x.numel(), [](unsigned char byte) { return byte > 1; });
  if (bad != bytes + x.numel()) {
    fail("from_blob", "a bool must be a byte of 0 or 1, got ", int{*bad});
  }
}

Tensor borrow(void* data, const Shape& shape, const Strides& strides, BlobDeleter deleter, DType dtype,
              bool read_only) {
  const int64_t bytes = bytes_of(shape, strides, dtype);
  check(data != nullptr || bytes == 0, "from_blob", "the pointer must not be null for shape ", shape);
  check(reinterpret_cast<uintptr_t>(data) % static_cast<uintptr_t>(size_of(dtype)) == 0, "from_blob",
        "the pointer must be a multiple of ", size_of(dtype), " bytes, as ", dtype, " needs");
  auto* const block = new BorrowedBlock;
  block->data = static_cast<std::byte*>(data);
  block->bytes = bytes;
  block->give_back = give_back;
  block->read_only = read_only;
  block->given = data;
  Tensor x(Storage(block), dtype, shape, strides, 0);
  check(!overlaps_itself(x), "from_blob", "elements must not share memory, got strides ", strides, " for shape ",
        shape);
  if (dtype == DType::boolean) {
    require_bools(contiguous(x));
  }
  block->deleter = std::move(deleter);  // from here on the memory is the tensor's
  return x;
}

/// Strides of sizes that may be too large are not worked out.
Strides row_major(const Shape& shape) {
  for (const int64_t size : shape) {
    check<ShapeError>(size >= 0, "from_blob", "sizes must not be negative, got ", shape);
  }
  return shape.numel() == 0 ? Strides::filled(shape.rank(), 1) : contiguous_strides(shape);
}

}  // namespace

void detail::refuse_write() {
  fail("mutable_data", "cannot write to ", kReadOnlyMemory, "; clone() gives a copy that can");
}

Tensor from_blob(void* data, const Shape& shape, const Strides& strides, BlobDeleter deleter, DType dtype) {
  return borrow(data, shape, strides, std::move(deleter), dtype, /*read_only=*/false);
}

Tensor from_blob(const void* data, const Shape& shape, const Strides& strides, BlobDeleter deleter, DType dtype) {
  return borrow(const_cast<void*>(data), shape, strides, std::move(deleter), dtype, /*read_only=*/true);
}

Tensor from_blob(void* data, const Shape& shape, BlobDeleter deleter, DType dtype) {
  return from_blob(data, shape, row_major(shape), std::move(deleter), dtype);
}

Tensor from_blob(const void* data, const Shape& shape, BlobDeleter deleter, DType dtype) {
  return from_blob(data, shape, row_major(shape), std::move(deleter), dtype);
}

}  // namespace heed
