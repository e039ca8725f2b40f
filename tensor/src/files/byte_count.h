// Numbers of bytes in messages.
#pragma once

#include <cstdint>
#include <string>

namespace heed::detail {

/// "1 byte", "2 bytes".
inline std::string byte_count(uint64_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

}  // namespace heed::detail
