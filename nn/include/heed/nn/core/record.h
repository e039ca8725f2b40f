// record: hands what a forward computes to those who look inside: forward hooks (Module::register_forward_hook) and
// Recorders (recorder.h). Where nobody looks it costs one comparison.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <heed/autograd/variable.h>
#include <heed/tensor/scope.h>

namespace heed {

/// Receives a value that a module has recorded; what it returns stands in its place, unless that is undefined. It is
/// called until its handle removes it: what it captures by reference must live until then.
using ForwardHook = std::function<Variable(const Variable& value)>;

/// What register_forward_hook() gives. The hook stays when the handle goes.
class HookHandle {
 public:
  HookHandle() = default;
  explicit HookHandle(int64_t number) : number_(number) {}
  /// The hook is called no more. Without effect the second time, and once the module has gone.
  void remove();

 private:
  int64_t number_ = 0;
};

/// Removes its hook when it goes: const ScopedHook hook(module.register_forward_hook(…));
class ScopedHook {
 public:
  explicit ScopedHook(HookHandle handle) : handle_(handle) {}
  ~ScopedHook() { handle_.remove(); }
  ScopedHook(ScopedHook&& other) noexcept : handle_(std::exchange(other.handle_, HookHandle())) {}
  ScopedHook& operator=(ScopedHook other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }

 private:
  HookHandle handle_;
};

namespace detail {
extern std::atomic<int64_t> hook_count;
bool hooks_want(std::string_view what);
Variable give_to_hooks(std::string_view what, const Variable& value);
void show_to_hooks(std::string_view what, const Variable& value);
inline bool any_hooks() { return hook_count.load(std::memory_order_relaxed) != 0; }
}  // namespace detail

/// True where a hook or Recorder wants the value `what` of the module whose NameScope is the innermost one: compute
/// what is costly only then.
inline bool is_recorded(std::string_view what) { return detail::any_hooks() && detail::hooks_want(what); }

/// To be called in a forward, under the module's NameScope: hands over `value` as `what` and returns it, or what a hook
/// has put in its place. Every layer records what it returns as "output"; a layer of your own may record anything under
/// any name:
///
///   const Variable gate = record("gate", sigmoid(gate_.forward(x)));
///   return record("output", gate * x);
///
/// Go on with what it returns. Throws ValueError when a hook's replacement has another shape or dtype.
[[nodiscard]] inline Variable record(std::string_view what, Variable value) {
  return detail::any_hooks() ? detail::give_to_hooks(what, value) : value;
}

/// The same of a value that the forward does not go on with: hooks and Recorders see it. Throws ValueError when a hook
/// puts another in its place, which nothing would use.
inline void record_only(std::string_view what, const Variable& value) {
  if (detail::any_hooks()) {
    detail::show_to_hooks(what, value);
  }
}

}  // namespace heed
