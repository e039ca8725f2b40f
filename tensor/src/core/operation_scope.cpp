// The OperationScope of each thread that counts.
#include <heed/tensor/detail/operation_scope.h>

namespace heed::detail {

namespace {
thread_local std::string_view called;
thread_local bool backward = false;
}  // namespace

OperationScope::OperationScope(std::string_view name, bool is_backward)
    : outer_name_(called), outer_is_backward_(backward) {
  if (called.empty() || (is_backward && !backward)) {
    called = name;
    backward = is_backward;
  }
}

OperationScope::~OperationScope() {
  called = outer_name_;
  backward = outer_is_backward_;
}

std::string_view OperationScope::name() { return called; }

bool OperationScope::is_backward() { return backward; }

}  // namespace heed::detail
