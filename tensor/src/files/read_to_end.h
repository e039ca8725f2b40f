// All bytes of an open file, from front to back.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <heed/tensor/detail/open_file.h>

namespace heed::detail {

/// Reads as long as go_on(bytes so far) says, or to the end. Waits for who writes to a pipe, but no longer than a
/// second for somebody to do so at all. Throws FileAccessError "cannot read PATH: …".
std::string read_to_end(const OpenFile& file, const std::string& path,
                        const std::function<bool(std::string_view)>& go_on);

}  // namespace heed::detail
