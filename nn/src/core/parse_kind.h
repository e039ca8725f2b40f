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
