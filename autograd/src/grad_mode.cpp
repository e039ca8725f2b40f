// One flag per thread.
#include <heed/autograd/grad_mode.h>

#include <utility>

namespace heed {

namespace {
thread_local bool enabled = true;
}

bool grad_enabled() { return enabled; }

GradMode::GradMode(bool wanted) : previous_(std::exchange(enabled, wanted)) {}

GradMode::~GradMode() { enabled = previous_; }

}  // namespace heed
