// The OperationScope of each thread that counts.
#include <heed/tensor/detail/operation_scope.h>

namespace heed::detail {

namespace {
thread_local const char* called = nullptr;
thread_local bool backward = false;
}  // namespace

OperationScope::OperationScope(const char* name, bool is_backward) : outer_name_(called), outer_is_backward_(backward) {
  if (called == nullptr || (is_backward && !backward)) {
    called = name;
    backward = is_backward;
  }
}

OperationScope::~OperationScope() {
  called = outer_name_;
  backward = outer_is_backward_;
}

const char* OperationScope::name() { return called; }

bool OperationScope::is_backward() { return backward; }

}  // namespace heed::detail
