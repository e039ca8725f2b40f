// record: hands what a forward computes to those who look inside: forward hooks (Module::register_forward_hook) and
// Recorders (recorder.h). Where nobody looks it costs one comparison.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <heed/autograd/variable.h>
#include <heed/tensor/scope.h>

namespace heed {

/// Receives a value that a module has recorded; what it returns stands in its place, unless that is undefined.
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

namespace detail {
extern std::atomic<int64_t> hook_count;
bool hooks_want(std::string_view what);
Variable give_to_hooks(std::string_view what, const Variable& value);
}  // namespace detail

/// True where a hook or Recorder wants the value `what` of the module whose NameScope is the innermost one: compute
/// what is costly only then.
inline bool is_recorded(std::string_view what) {
  return detail::hook_count.load(std::memory_order_relaxed) != 0 && detail::hooks_want(what);
}

/// To be called in a forward, under the module's NameScope: hands over `value` as `what` and returns it, or what a hook
/// has put in its place. Every layer records what it returns as "output"; a layer of your own may record anything under
/// any name:
///
///   const Variable gate = record("gate", sigmoid(gate_.forward(x)));
///   return record("output", gate * x);
///
/// A hook's replacement changes what is computed only where the result of record() is used, as it is for "output".
/// Throws ValueError when a replacement has another shape or dtype.
inline Variable record(std::string_view what, Variable value) {
  return detail::hook_count.load(std::memory_order_relaxed) == 0 ? value : detail::give_to_hooks(what, value);
}

}  // namespace heed
