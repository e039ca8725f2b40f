// The stack of names is a chain of NameScope objects on the threads' own stacks; only its end is kept here.
#include <heed/tensor/detail/scope_watch.h>
#include <heed/tensor/scope.h>

#include <utility>

namespace heed {

namespace {
const std::string kNoName;
thread_local const std::string* innermost = &kNoName;
thread_local detail::ScopeWatch* watch = nullptr;
}  // namespace

NameScope::NameScope(const std::string& name) : previous_(innermost) {
  innermost = &name;
  if (watch != nullptr) [[unlikely]] {
    watch->see(name);
  }
}

NameScope::~NameScope() { innermost = previous_; }

const std::string& NameScope::current() { return *innermost; }

detail::ScopeWatch::ScopeWatch(const std::string& name) : name_(&name), outer_(std::exchange(watch, this)) {}

detail::ScopeWatch::~ScopeWatch() { watch = outer_; }

}  // namespace heed
