// NameScope: the name of the module that runs on this thread, for errors and anomaly reports.
#pragma once

#include <string>

namespace heed {

/// While it lives, errors raised on this thread start with `name`. Scopes nest; the innermost one counts.
/// The string must outlive the scope.
class NameScope {
 public:
  explicit NameScope(const std::string& name);
  ~NameScope();
  NameScope(const NameScope&) = delete;
  NameScope& operator=(const NameScope&) = delete;

  /// The innermost name on this thread; empty when there is none.
  static const std::string& current();

 private:
  const std::string* previous_;
};

}  // namespace heed
