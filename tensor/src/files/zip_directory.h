// The directory of a zip archive: what its members are and where they lie (APPNOTE.TXT 6.3.9, 4.3).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "files/random_access.h"

namespace heed::detail {

/// The most members of an archive, and the most bytes of its directory.
inline constexpr uint64_t kMostMembers = 65'535;
inline constexpr uint64_t kLargestDirectory = uint64_t{8} << 20;

struct ZipEntry {
  std::string name;
  uint64_t flags = 0;
  uint64_t method = 0;
  uint64_t crc = 0;
  uint64_t packed_bytes = 0;  ///< as they lie in the file
  uint64_t bytes = 0;         ///< unpacked, as the archive promises
  uint64_t header = 0;        ///< where its local header lies
  uint64_t data = 0;          ///< where its packed bytes begin
};

/// What is wrong with a member's name: "must be UTF-8", "must hold no '..'"; "" when nothing is.
std::string problem_of_name(const std::string& name);

/// All members in the directory's order. An archive must say one thing only: its directory and its end lie where its
/// records say; each member's local header repeats the directory; members follow each other without gap or overlap from
/// the first byte to the directory; names pass problem_of_name(). Throws FileError "cannot read PATH: …", naming the
/// member, for any other file.
std::vector<ZipEntry> read_zip_directory(const RandomAccess& file);

}  // namespace heed::detail
