// The list of hooks: what record() hands values to.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <heed/nn/core/record.h>
#include <heed/tensor/scope.h>

namespace heed::detail {

struct Hook {
  std::function<bool(std::string_view what)> wants;
  std::function<Variable(std::string_view what, const Variable& value)> call;
  std::optional<std::thread::id> thread = std::nullopt;  ///< the only one it is for
  bool watches_only = false;                             ///< it replaces no value
  bool in_graph = false;                                 ///< it watches for values with a graph
};

/// For the module with that path: the string itself, of which every NameScope of the module holds the address.
HookHandle add_hook(const std::string& path, Hook hook);
/// All of the module's, which is destroyed.
void drop_hooks(const std::string& path);
/// True where what the module with that path records under one of `names` may be replaced, or is wanted with a graph: a
/// fused way around the module is not taken then.
bool is_hooked(const std::string& path, std::initializer_list<std::string_view> names);

/// True where a hook or Recorder that this thread calls is registered for the module with that path, by its address:
/// the module at work, if none is given.
bool is_watched(const std::string& path = NameScope::current());

/// While it lives, values recorded on this thread under the current module are "<name>.<what>": those of one of several
/// layers in one module, whose name is "l0".
class RecordGroup {
 public:
  explicit RecordGroup(std::string name);
  ~RecordGroup();
  RecordGroup(const RecordGroup&) = delete;
  RecordGroup& operator=(const RecordGroup&) = delete;
  /// `what` with the name of the group it is in, if any.
  static std::string full_name(std::string_view what);

 private:
  std::string name_;
  const std::string* scope_;
  const RecordGroup* outer_;
};

/// While it lives, it gets the values that the current module records on this thread, if they are wanted, in place of
/// the hooks.
class RecordCollector {
 public:
  RecordCollector();
  ~RecordCollector();
  RecordCollector(const RecordCollector&) = delete;
  RecordCollector& operator=(const RecordCollector&) = delete;

  std::vector<std::pair<std::string, Variable>> values;  ///< without the name of their group

  bool collects() const;

 private:
  const std::string* scope_;
  RecordCollector* outer_;
};

/// While it lives, hooks that only watch are not called on this thread: what runs has run before.
class RecordPause {
 public:
  RecordPause();
  ~RecordPause();
  RecordPause(const RecordPause&) = delete;
  RecordPause& operator=(const RecordPause&) = delete;

 private:
  bool outer_;
};

}  // namespace heed::detail
