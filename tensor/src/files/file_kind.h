// What a file is that is not what was asked for, so that errors can say it.
#pragma once

#include <string_view>

namespace heed::detail {

/// What begins with these bytes: "a zip archive (.npz), which NpzReader reads", "a pickle", …; empty when unknown.
std::string_view kind_of_file(std::string_view start);

}  // namespace heed::detail
