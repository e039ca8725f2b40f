// The stack of names is a chain of NameScope objects on the threads' own stacks; only its end is kept here.
#include <heed/tensor/scope.h>

namespace heed {

namespace {
const std::string kNoName;
thread_local const std::string* innermost = &kNoName;
}  // namespace

NameScope::NameScope(const std::string& name) : previous_(innermost) { innermost = &name; }

NameScope::~NameScope() { innermost = previous_; }

const std::string& NameScope::current() { return *innermost; }

}  // namespace heed
