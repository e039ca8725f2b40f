// Kinds that are chosen by name: of cells, attentions, positions.
#pragma once

#include <string>
#include <string_view>

#include <heed/tensor/error.h>

namespace heed::detail {

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
