// OperationScope: the operation that was called, for what fails deep inside it.
#pragma once

#include <string_view>

namespace heed::detail {

/// While it lives, errors for want of memory on this thread name `name`, which must outlive it. The outermost counts:
/// that is what the user called. Operations that are made of others begin with it.
class OperationScope {
 public:
  explicit OperationScope(std::string_view name) : OperationScope(name, false) {}
  ~OperationScope();
  OperationScope(const OperationScope&) = delete;
  OperationScope& operator=(const OperationScope&) = delete;

  /// "backward of <name>", which counts more than what backward was called by.
  static OperationScope backward_of(std::string_view name) { return OperationScope(name, true); }
  /// The one that counts on this thread; empty outside of any.
  static std::string_view name();
  static bool is_backward();

 private:
  OperationScope(std::string_view name, bool is_backward);

  std::string_view outer_name_;
  bool outer_is_backward_;
};

}  // namespace heed::detail
