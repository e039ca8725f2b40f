// A figure's files, for tests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <heed/tensor/file.h>

#include "support/catch.h"
#include "support/temporary_folder.h"

namespace heed::figure::test {

using Strings = std::vector<std::string>;

inline uint32_t big_endian(const std::string& bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes.at(at + i));
  }
  return value;
}

struct PngSize {
  uint32_t width;
  uint32_t height;
};

/// Checks signature and end of a PNG.
inline PngSize size_of_png(const std::string& bytes) {
  REQUIRE(bytes.substr(0, 8) == "\x89PNG\r\n\x1A\n");
  REQUIRE(bytes.substr(bytes.size() - 8, 4) == "IEND");
  return {big_endian(bytes, 16), big_endian(bytes, 20)};
}

template <class Figure>
std::string saved(const Figure& figure, const std::string& name) {
  const TemporaryFolder folder;
  figure.save(folder.path(name));
  CHECK(folder.names() == Strings{name});
  return read_file(folder.path(name));
}

inline size_t count_of(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace heed::figure::test
