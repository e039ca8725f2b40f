// A file written piece by piece, so that it is never whole in memory.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace heed::detail {

/// Takes the next bytes of a file.
using PieceWriter = std::function<void(std::string_view bytes)>;

/// Replaces `path` by the pieces that write(out) hands to `out`, as replace_file() does.
void write_pieces(const std::string& path, const std::function<void(const PieceWriter& out)>& write);

}  // namespace heed::detail
