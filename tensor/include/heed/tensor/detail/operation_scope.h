// OperationScope: the operation that was called, for what fails deep inside it.
#pragma once

namespace heed::detail {

/// While it lives, errors for want of memory on this thread name `name`, a string literal. The outermost counts: that
/// is what the user called. Operations that are made of others begin with it.
class OperationScope {
 public:
  explicit OperationScope(const char* name) : OperationScope(name, false) {}
  ~OperationScope();
  OperationScope(const OperationScope&) = delete;
  OperationScope& operator=(const OperationScope&) = delete;

  /// "backward of <name>", which counts more than what backward was called by.
  static OperationScope backward_of(const char* name) { return OperationScope(name, true); }
  /// The one that counts on this thread; nullptr outside of any.
  static const char* name();
  static bool is_backward();

 private:
  OperationScope(const char* name, bool is_backward);

  const char* outer_name_;
  bool outer_is_backward_;
};

}  // namespace heed::detail
