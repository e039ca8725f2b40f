// OperationScope: the operation that was called, for what fails deep inside it.
#pragma once

#include <string_view>

namespace heed::detail {

/// While it lives, errors for want of memory on this thread name `name`, which must outlive it. The outermost counts:
/// that is what the user called. Operations that are made of others begin with it.
class OperationScope {
 public:
  struct Called {
    std::string_view name;     ///< empty outside of any
    bool is_backward = false;  ///< counts more than what backward was called by
  };

  explicit OperationScope(std::string_view name) : OperationScope(Called{name}) {}
  /// Also for what goes on on another thread.
  explicit OperationScope(const Called& called);
  ~OperationScope();
  OperationScope(const OperationScope&) = delete;
  OperationScope& operator=(const OperationScope&) = delete;

  /// "backward of <name>".
  static OperationScope backward_of(std::string_view name) { return OperationScope(Called{name, true}); }
  /// What is called within it counts: where a NameScope says already what was called.
  static OperationScope within_backward() { return backward_of(""); }
  /// The one that counts on this thread.
  static Called current();

 private:
  Called outer_;
};

}  // namespace heed::detail
