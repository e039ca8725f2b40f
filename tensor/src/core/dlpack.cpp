// DLPack: see dlpack.h.
#include <heed/tensor/dlpack.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include <heed/tensor/blob.h>
#include <heed/tensor/error.h>

namespace heed {

using namespace dlpack;

namespace {

/// What is handed out: the struct, with the arrays that it points to and a handle that holds the memory.
template <class Managed>
struct Export {
  Tensor tensor;
  std::array<int64_t, kMaxRank> shape{};
  std::array<int64_t, kMaxRank> strides{};
  Managed managed{};
};

DLDataType type_of(DType dtype) {
  const auto bits = static_cast<uint8_t>(8 * size_of(dtype));
  return {is_floating(dtype) ? kDLFloat : dtype == DType::boolean ? kDLBool : kDLInt, bits, 1};
}

template <class Managed>
Export<Managed>* exported(const Tensor& x) {
  check(x.defined(), "to_dlpack", "needs a defined tensor");
  auto result = std::make_unique<Export<Managed>>();
  result->tensor = x;
  std::copy(x.shape().begin(), x.shape().end(), result->shape.begin());
  std::copy(x.strides().begin(), x.strides().end(), result->strides.begin());
  // The first element goes into `data`: some libraries do not add byte_offset.
  std::byte* const first = x.numel() == 0 ? nullptr : x.storage().data() + x.offset() * size_of(x.dtype());
  result->managed.dl_tensor = {first,
                               {kDLCPU, 0},
                               static_cast<int32_t>(x.rank()),
                               type_of(x.dtype()),
                               result->shape.data(),
                               result->strides.data(),
                               0};
  result->managed.manager_ctx = result.get();
  result->managed.deleter = [](Managed* self) { delete static_cast<Export<Managed>*>(self->manager_ctx); };
  return result.release();
}

DType dtype_from(const DLDataType& type) {
  for (const DType dtype : {DType::float32, DType::float64, DType::int64, DType::boolean}) {
    const DLDataType own = type_of(dtype);
    if (type.code == own.code && type.bits == own.bits && type.lanes == 1) {
      return dtype;
    }
  }
  static constexpr std::array<const char*, 7> kNames = {"int", "uint", "float", "opaque", "bfloat", "complex", "bool"};
  const std::string name = type.code < kNames.size() ? kNames[type.code] : "code " + std::to_string(type.code) + ", ";
  const std::string bits = std::to_string(type.bits) + (type.code < kNames.size() ? "" : " bits");
  fail<DTypeError>("from_dlpack", "needs float32, float64, int64 or bool, got ", name, bits,
                   type.lanes == 1 ? "" : " in vectors of " + std::to_string(type.lanes));
}

/// `done` is called when the last tensor on the memory goes.
Tensor imported(const DLTensor& from, bool read_only, BlobDeleter done) {
  check(from.device.device_type == kDLCPU, "from_dlpack", "needs memory of the CPU (device type 1), got device type ",
        from.device.device_type);
  const DType dtype = dtype_from(from.dtype);
  check<ShapeError>(from.ndim >= 0 && from.ndim <= kMaxRank, "from_dlpack", "needs 0 to ", kMaxRank, " axes, got ",
                    from.ndim);
  check(from.shape != nullptr || from.ndim == 0, "from_dlpack", "the shape must not be null with ", from.ndim, " axes");
  const auto axes = static_cast<size_t>(from.ndim);
  const Shape shape(std::span<const int64_t>(from.shape, axes));
  std::byte* const data = from.data == nullptr ? nullptr : static_cast<std::byte*>(from.data) + from.byte_offset;
  const bool row_major = from.strides == nullptr;
  // Axes of one element or none may have any strides.
  Strides strides = row_major ? Strides() : Strides(std::span<const int64_t>(from.strides, axes));
  for (int64_t i = 0; i < strides.rank(); ++i) {
    strides[i] = shape[i] <= 1 ? 1 : strides[i];
  }
  const auto blob = [&](auto* first) {
    return row_major ? from_blob(first, shape, std::move(done), dtype)
                     : from_blob(first, shape, strides, std::move(done), dtype);
  };
  return read_only ? blob(static_cast<const void*>(data)) : blob(static_cast<void*>(data));
}

template <class Managed>
Tensor taken_over(Managed* managed, bool read_only) {
  return imported(managed->dl_tensor, read_only, [managed](void*) {
    if (managed->deleter != nullptr) {
      managed->deleter(managed);
    }
  });
}

}  // namespace

DLManagedTensorVersioned* to_dlpack(const Tensor& x) {
  DLManagedTensorVersioned& managed = exported<DLManagedTensorVersioned>(x)->managed;
  managed.version = kVersion;
  managed.flags = x.storage().read_only() ? kReadOnlyFlag : 0;
  return &managed;
}

DLManagedTensor* to_dlpack_unversioned(const Tensor& x) {
  check(!x.storage().read_only(), "to_dlpack_unversioned",
        "cannot say that memory is read-only; clone the tensor, or use to_dlpack");
  return &exported<DLManagedTensor>(x)->managed;
}

Tensor from_dlpack(DLManagedTensorVersioned* managed) {
  check(managed != nullptr, "from_dlpack", "the pointer must not be null");
  check(managed->version.major == kVersion.major, "from_dlpack", "needs version ", kVersion.major, ".x of DLPack, got ",
        managed->version.major, ".", managed->version.minor);
  return taken_over(managed, (managed->flags & kReadOnlyFlag) != 0);
}

Tensor from_dlpack(DLManagedTensor* managed) {
  check(managed != nullptr, "from_dlpack", "the pointer must not be null");
  return taken_over(managed, /*read_only=*/false);
}

}  // namespace heed
