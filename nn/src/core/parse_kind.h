// Kinds that are chosen by name: of cells, attentions, positions.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <heed/tensor/error.h>

namespace heed::detail {

/// The kinds of a list whose entries have a `kind`.
template <class Entry, size_t count>
constexpr auto kinds_of(const std::array<Entry, count>& entries) {
  std::array<decltype(Entry::kind), count> kinds{};
  std::transform(entries.begin(), entries.end(), kinds.begin(), [](const Entry& entry) { return entry.kind; });
  return kinds;
}

/// The entry of a kind, which stands at the place of its enumerator: tables assert is_in_order().
template <class Entry, size_t count>
constexpr const Entry& entry_of(const std::array<Entry, count>& entries, decltype(Entry::kind) kind) {
  return entries.at(static_cast<size_t>(kind));
}
template <class Entry, size_t count>
constexpr bool is_in_order(const std::array<Entry, count>& entries) {
  size_t place = 0;
  return std::all_of(entries.begin(), entries.end(),
                     [&](const Entry& entry) { return static_cast<size_t>(entry.kind) == place++; });
}

/// The one of `kinds` whose name_of() is `name`. Throws ValueError listing the names there are.
template <class Kinds>
auto parse_kind(const char* op, const Kinds& kinds, std::string_view name) {
  std::string names;
  for (const auto& kind : kinds) {
    if (name == name_of(kind)) {
      return kind;
    }
    names.append(names.empty() ? "" : ", ").append(name_of(kind));
  }
  fail(op, "must be one of ", names, ", got '", name, "'");
}

}  // namespace heed::detail
