// Renames entries by their whole names or by how these begin.
#include <heed/nn/core/rename_state.h>

#include <set>

#include <heed/tensor/error.h>

namespace heed {

StateDict renamed(const StateDict& state, const std::map<std::string, std::string>& names) {
  std::set<std::string> used, taken;
  StateDict result;
  for (const auto& [name, value] : state) {
    const std::pair<const std::string, std::string>* best = nullptr;
    for (const auto& entry : names) {
      const bool fits = entry.first.ends_with('.') ? name.starts_with(entry.first) : name == entry.first;
      if (fits && (best == nullptr || entry.first.size() > best->first.size())) {
        best = &entry;
      }
    }
    std::string other = best == nullptr ? name : best->second + name.substr(best->first.size());
    if (best != nullptr) {
      used.insert(best->first);
    }
    check(taken.insert(other).second, "renamed", "two entries would be named '", other, "'");
    result.emplace_back(std::move(other), value);
  }
  for (const auto& [name, other] : names) {
    check(used.contains(name), "renamed", "'", name, "' fits no entry of the state dict");
  }
  return result;
}

}  // namespace heed
