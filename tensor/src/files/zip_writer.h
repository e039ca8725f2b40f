// Makes zip archives in memory.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace heed::detail {

/// An archive of members (name, bytes), all dated 1980-01-01 so that equal members give equal bytes.
/// Throws ValueError for more than 65,535 members, and FileError that starts with `where` and names the member that
/// cannot be added.
std::string zip_bytes(const std::vector<std::pair<std::string, std::string>>& members, bool compress,
                      const std::string& where);

}  // namespace heed::detail
