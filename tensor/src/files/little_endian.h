// Little-endian numbers in a file's bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace heed::detail {

/// The number in the `count` bytes at `place`, which must be there.
inline uint64_t little_endian(std::string_view bytes, size_t place, size_t count) {
  uint64_t value = 0;
  for (size_t i = count; i > 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes[place + i - 1]);
  }
  return value;
}

}  // namespace heed::detail
