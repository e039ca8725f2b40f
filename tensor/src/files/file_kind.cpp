// Tells kinds of files by their first bytes.
#include "files/file_kind.h"

#include <utility>

namespace heed::detail {

std::string_view kind_of_file(std::string_view start) {
  constexpr std::pair<std::string_view, std::string_view> kKinds[] = {
      {"\x93NUMPY", "one array (.npy), which load_npy reads"},
      {"PK\x03\x04", "a zip archive (.npz), which NpzReader reads"},
      {"PK\x05\x06", "a zip archive without members, which NpzReader reads"},
      {"\x1F\x8B", "gzip, to be unpacked first"},
      {"BZh", "bzip2, to be unpacked first"},
      {"\xFD"
       "7zXZ",
       "xz, to be unpacked first"},
      {"\x89HDF", "an HDF5 file"},
      {"\x80\x02", "a pickle of Python objects"},
      {"\x80\x03", "a pickle of Python objects"},
      {"\x80\x04", "a pickle of Python objects"},
      {"\x80\x05", "a pickle of Python objects"},
  };
  for (const auto& [magic, kind] : kKinds) {
    if (start.starts_with(magic)) {
      return kind;
    }
  }
  return "";
}

}  // namespace heed::detail
