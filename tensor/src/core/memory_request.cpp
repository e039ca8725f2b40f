// Errors for want of memory, in the name of the operation that was called.
#include "core/memory_request.h"

#include <string>

#include <heed/tensor/allocation_limit.h>
#include <heed/tensor/detail/operation_scope.h>

namespace heed::detail {
namespace {

std::string called(const MemoryRequest* request) {
  if (const auto [name, is_backward] = OperationScope::current(); !name.empty()) {
    return (is_backward ? "backward of " : "") + std::string(name);
  }
  return request == nullptr ? "allocation" : std::string(request->op);
}

std::string wanted(int64_t bytes, const MemoryRequest* request) {
  TextStream text;
  if (request != nullptr) {
    text << request->dtype << " of the shape " << request->shape << ", ";
  }
  text << bytes << " bytes";
  return text.str();
}

}  // namespace

void refuse_memory(int64_t bytes, const MemoryRequest* request) {
  fail<Error>(called(request), "there is no memory for ", wanted(bytes, request));
}

void refuse_beyond_limit(int64_t bytes, int64_t left, const MemoryRequest* request) {
  fail<AllocationError>(called(request), wanted(bytes, request), request == nullptr ? " are" : ", are",
                        " more than the limit of ", left, " that are left here");
}

}  // namespace heed::detail
