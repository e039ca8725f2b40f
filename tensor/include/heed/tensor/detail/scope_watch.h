// ScopeWatch: whether a NameScope is opened, for tests of layers.
#pragma once

#include <string>

namespace heed::detail {

/// While it lives, notes whether a NameScope of `name`, that very string, is opened on this thread.
class ScopeWatch {
 public:
  explicit ScopeWatch(const std::string& name);
  ~ScopeWatch();
  ScopeWatch(const ScopeWatch&) = delete;
  ScopeWatch& operator=(const ScopeWatch&) = delete;
  bool opened() const { return opened_; }
  /// For NameScope.
  void see(const std::string& name) { opened_ = opened_ || &name == name_; }

 private:
  const std::string* name_;
  bool opened_ = false;
  ScopeWatch* outer_;
};

}  // namespace heed::detail
