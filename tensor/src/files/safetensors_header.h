// The header of a safetensors file: names, types, shapes and places.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "files/npy_header.h"
#include "files/random_access.h"

namespace heed::detail {

/// The most bytes of a header. The format allows 100 MB, which would take seconds and hundreds of MiB to refuse.
inline constexpr uint64_t kLargestSafetensorsHeader = uint64_t{8} << 20;
/// The most tensors and texts of the metadata, together.
inline constexpr size_t kMostSafetensorsEntries = 65'535;

struct SafetensorsEntry {
  std::string name;
  std::string dtype;  ///< as in the file: "F32"
  NpyHeader elements;
  uint64_t begin = 0;  ///< in the file
  uint64_t end = 0;
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;
  std::map<std::string, std::string> metadata;
};

/// Whether a file that begins with these bytes may be one.
bool may_begin_safetensors(std::string_view bytes);

/// Throws FileError, see SafetensorsReader.
SafetensorsHeader read_safetensors_header(const RandomAccess& file);

}  // namespace heed::detail
