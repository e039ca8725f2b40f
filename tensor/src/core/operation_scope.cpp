// The OperationScope of each thread that counts.
#include <heed/tensor/detail/operation_scope.h>

namespace heed::detail {

namespace {
thread_local OperationScope::Called current_call;
}  // namespace

OperationScope::OperationScope(const Called& called) : outer_(current_call) {
  if (outer_.name.empty() || (called.is_backward && !outer_.is_backward)) {
    current_call = called;
  }
}

OperationScope::~OperationScope() { current_call = outer_; }

OperationScope::Called OperationScope::current() { return current_call; }

}  // namespace heed::detail
