// What a file is that is not what was asked for, so that errors can say it.
#pragma once

#include <string_view>

namespace heed::detail {

/// What begins with these bytes: "a zip archive (.npz), which NpzReader reads", "a pickle", …; empty when unknown.
std::string_view kind_of_file(std::string_view start);
/// Whether a file that begins with `start` may begin with `magic`: it does, or is too short to say.
inline bool may_begin_with(std::string_view start, std::string_view magic) {
  return start.size() < magic.size() || start.starts_with(magic);
}

}  // namespace heed::detail
