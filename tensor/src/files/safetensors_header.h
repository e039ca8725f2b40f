// The header of a safetensors file: names, types, shapes and places.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "files/npy_header.h"
#include "files/random_access.h"

namespace heed::detail {

/// The most bytes of a header, by the format.
inline constexpr uint64_t kLargestSafetensorsHeader = 100'000'000;

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

/// Throws FileError, see SafetensorsReader.
SafetensorsHeader read_safetensors_header(const RandomAccess& file);

}  // namespace heed::detail
