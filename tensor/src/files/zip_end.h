// The records that end a zip archive (APPNOTE.TXT 6.3.9, 4.3.14 to 16).
#pragma once

#include <cstdint>

#include "files/random_access.h"

namespace heed::detail {

/// Where an archive's directory lies in the file.
struct ZipEnd {
  uint64_t directory = 0;
  uint64_t directory_bytes = 0;
  uint64_t members = 0;
};

/// Throws FileError "cannot read PATH: …" for a file that is no archive from its first byte to its last, in which case
/// it says what the file is instead, and for records that contradict each other.
ZipEnd find_zip_end(const RandomAccess& file);

}  // namespace heed::detail
