// DLPack: tensors handed between libraries of one process without a copy (NumPy, PyTorch, JAX; dmlc.github.io/dlpack).
// Only memory of the CPU, and the dtypes that heed has. The structs have the layout of DLPack's own dlpack.h, 1.0 and
// 0.8; a pointer to one of those is cast: reinterpret_cast<heed::dlpack::DLManagedTensor*>(theirs).
#pragma once

#include <cstdint>

#include <heed/tensor/tensor.h>

namespace heed {

namespace dlpack {

struct DLPackVersion {
  uint32_t major, minor;
};
inline constexpr DLPackVersion kVersion = {1, 0};

inline constexpr int32_t kDLCPU = 1;
struct DLDevice {
  int32_t device_type, device_id;
};

inline constexpr uint8_t kDLInt = 0, kDLUInt = 1, kDLFloat = 2, kDLBfloat = 4, kDLComplex = 5, kDLBool = 6;
struct DLDataType {
  uint8_t code, bits;
  uint16_t lanes;
};

struct DLTensor {
  void* data;
  DLDevice device;
  int32_t ndim;
  DLDataType dtype;
  int64_t* shape;
  int64_t* strides;  ///< count elements; null: row-major without gaps
  uint64_t byte_offset;
};

/// Up to DLPack 0.8: "dltensor" capsules.
struct DLManagedTensor {
  DLTensor dl_tensor;
  void* manager_ctx;
  void (*deleter)(DLManagedTensor* self);
};

inline constexpr uint64_t kReadOnlyFlag = 1;
/// Since DLPack 1.0: "dltensor_versioned" capsules.
struct DLManagedTensorVersioned {
  DLPackVersion version;
  void* manager_ctx;
  void (*deleter)(DLManagedTensorVersioned* self);
  uint64_t flags;
  DLTensor dl_tensor;
};

}  // namespace dlpack

/// x's memory for another library, which calls `deleter` when it is done, on any thread; until then the memory stays.
/// Read-only memory has the read-only flag. Throws ValueError for an undefined tensor.
dlpack::DLManagedTensorVersioned* to_dlpack(const Tensor& x);
/// The struct without version and flags, for libraries that know no other. Throws ValueError for read-only memory also.
dlpack::DLManagedTensor* to_dlpack_unversioned(const Tensor& x);

/// Another library's memory as a tensor: it takes `managed` over, and its deleter is called when the last tensor on the
/// memory goes. Throws ValueError for null, a version of DLPack other than 1.x and memory that is not the CPU's;
/// DTypeError for element types that heed does not have; and as from_blob(). `managed` stays the caller's then.
Tensor from_dlpack(dlpack::DLManagedTensorVersioned* managed);
Tensor from_dlpack(dlpack::DLManagedTensor* managed);

}  // namespace heed
