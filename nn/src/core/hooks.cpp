// The list of hooks, by the address of the module's path: NameScope::current() says who records.
#include "core/hooks.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <list>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include <heed/tensor/detail/process.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

namespace heed {
namespace detail {

std::atomic<int64_t> hook_count{0};

namespace {

struct Numbered {
  int64_t number;
  Hook hook;
};

struct Hooks {
  std::mutex mutex;  // not for several readers: a child of fork() could not give such a one back
  std::unordered_map<const std::string*, std::list<Numbered>> of;
  int64_t next_number = 1;
};

Hooks& hooks() {
  static auto* const all = new Hooks;  // never destroyed: modules that are static outlive it otherwise
  return *all;
}

/// A child of fork() gets the lock free, and the lists whole, whatever other threads were doing.
const ForkWatch forks_safely([] { hooks().mutex.lock(); }, [] { hooks().mutex.unlock(); },
                             [] { hooks().mutex.unlock(); });

thread_local const RecordGroup* group = nullptr;
thread_local bool pause = false;
thread_local RecordCollector* collector = nullptr;

bool is_for(const Hook& hook, std::thread::id here) { return !hook.thread || *hook.thread == here; }

/// Calls visit(hook) for those of the innermost module that are for this thread and want `what`.
template <class Visit>
void visit_hooks(std::string_view what, const Visit& visit) {
  const std::lock_guard lock(hooks().mutex);
  const auto found = hooks().of.find(&NameScope::current());
  if (found == hooks().of.end()) {
    return;
  }
  const std::thread::id here = std::this_thread::get_id();
  for (const auto& [number, hook] : found->second) {
    if (pause && hook.watches_only) {
      continue;
    }
    if (is_for(hook, here) && hook.wants(what)) {
      visit(hook);
    }
  }
}

using Place = std::unordered_map<const std::string*, std::list<Numbered>>::iterator;

/// Takes those that `is_gone` says from the list of one module: they are destroyed by the caller, without the lock.
/// Allocates nothing: destructors call it.
template <class IsGone>
std::list<Numbered> take(Place place, const IsGone& is_gone) {
  std::list<Numbered>& all = place->second;
  std::list<Numbered> gone;
  for (auto each = all.begin(); each != all.end();) {
    const auto next = std::next(each);
    if (is_gone(*each)) {
      gone.splice(gone.end(), all, each);
    }
    each = next;
  }
  hook_count.fetch_sub(static_cast<int64_t>(gone.size()), std::memory_order_relaxed);
  if (all.empty()) {
    hooks().of.erase(place);
  }
  return gone;
}

}  // namespace

HookHandle add_hook(const std::string& path, Hook hook) {
  const std::lock_guard lock(hooks().mutex);
  const int64_t number = hooks().next_number++;
  hooks().of[&path].push_back({number, std::move(hook)});
  hook_count.fetch_add(1, std::memory_order_relaxed);
  return HookHandle(number);
}

void drop_hooks(const std::string& path) {
  if (!any_hooks()) {
    return;
  }
  std::list<Numbered> gone;
  const std::lock_guard lock(hooks().mutex);
  if (const auto place = hooks().of.find(&path); place != hooks().of.end()) {
    gone = take(place, [](const Numbered&) { return true; });
  }
}

namespace {

/// True where a hook of the module with that path, for this thread, is one that `fits` says.
template <class Fits>
bool any_hook_of(const std::string& path, const Fits& fits) {
  if (!any_hooks()) {
    return false;
  }
  const std::lock_guard lock(hooks().mutex);
  const auto found = hooks().of.find(&path);
  const std::thread::id here = std::this_thread::get_id();
  return found != hooks().of.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [&](const Numbered& each) { return is_for(each.hook, here) && fits(each.hook); });
}

}  // namespace

bool is_hooked(const std::string& path, std::initializer_list<std::string_view> names) {
  return any_hook_of(path, [&names](const Hook& hook) {
    return (!hook.watches_only || hook.in_graph) && std::any_of(names.begin(), names.end(), std::ref(hook.wants));
  });
}

bool is_watched(const std::string& path) {
  return any_hook_of(path, [](const Hook&) { return true; });
}

bool hooks_want(std::string_view what) {
  bool wanted = false;
  visit_hooks(RecordGroup::full_name(what), [&](const Hook&) { wanted = true; });
  return wanted;
}

namespace {

/// What the hooks make of it: a value that nobody `uses` must stay.
Variable called_hooks(std::string_view what, const Variable& value, bool uses) {
  if (!value.defined()) {
    return value;
  }
  const std::string name = RecordGroup::full_name(what);
  if (collector != nullptr && collector->collects()) {
    if (hooks_want(what)) {
      collector->values.emplace_back(what, value);
    }
    return value;
  }
  std::vector<Hook> called;  // copies: a hook may remove itself
  visit_hooks(name, [&](const Hook& hook) { called.push_back(hook); });
  Variable result = value;
  for (const Hook& hook : called) {
    Variable other = hook.call(name, result);
    if (!other.defined() || other.same_as(result)) {
      continue;
    }
    check(uses, "forward hook", name,
          " cannot be replaced, since nothing is computed from what is recorded: return an "
          "undefined Variable");
    check(other.shape() == value.shape() && other.dtype() == value.dtype(), "forward hook", "what it puts in place of ",
          name, " must be ", value.dtype(), " ", value.shape(), ", got ", other.dtype(), " ", other.shape());
    result = std::move(other);
  }
  return result;
}

}  // namespace

Variable give_to_hooks(std::string_view what, const Variable& value) { return called_hooks(what, value, true); }

void show_to_hooks(std::string_view what, const Variable& value) { called_hooks(what, value, false); }

std::string RecordGroup::full_name(std::string_view what) {
  const bool is_grouped = group != nullptr && group->scope_ == &NameScope::current();
  return is_grouped ? group->name_ + "." + std::string(what) : std::string(what);
}

RecordGroup::RecordGroup(std::string name)
    : name_(std::move(name)), scope_(&NameScope::current()), outer_(std::exchange(group, this)) {}

RecordGroup::~RecordGroup() { group = outer_; }

RecordCollector::RecordCollector() : scope_(&NameScope::current()), outer_(std::exchange(collector, this)) {}

bool RecordCollector::collects() const { return scope_ == &NameScope::current(); }

RecordCollector::~RecordCollector() { collector = outer_; }

RecordPause::RecordPause() : outer_(std::exchange(pause, true)) {}

RecordPause::~RecordPause() { pause = outer_; }

}  // namespace detail

void HookHandle::remove() {
  std::list<detail::Numbered> gone;
  const std::lock_guard lock(detail::hooks().mutex);
  const auto is_it = [this](const detail::Numbered& each) { return each.number == number_; };
  auto& all = detail::hooks().of;
  for (auto place = all.begin(); place != all.end(); ++place) {
    if (std::any_of(place->second.begin(), place->second.end(), is_it)) {
      gone = detail::take(place, is_it);
      return;
    }
  }
}

}  // namespace heed
