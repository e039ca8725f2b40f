// MemoryRequest: what a block of memory is for, and the errors where there is none.
#pragma once

#include <cstdint>
#include <string_view>

#include <heed/tensor/dtype.h>
#include <heed/tensor/shape.h>

namespace heed::detail {

struct MemoryRequest {
  std::string_view op;  ///< which the message names, unless an OperationScope says what was called
  DType dtype;
  const Shape& shape;
};

/// Throws Error: the system has no memory. `request` may be null: working memory.
[[noreturn]] void refuse_memory(int64_t bytes, const MemoryRequest* request);
/// Throws AllocationError: an AllocationLimit has only `left` bytes.
[[noreturn]] void refuse_beyond_limit(int64_t bytes, int64_t left, const MemoryRequest* request);

}  // namespace heed::detail
