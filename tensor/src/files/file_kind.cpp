// Tells kinds of files by their first bytes, and finds the record that ends a zip archive (APPNOTE.TXT, 4.3.14 to 16).
#include "files/file_kind.h"

#include <optional>
#include <utility>

namespace heed::detail {

namespace {

/// A little-endian number; none where the bytes end before it.
std::optional<uint64_t> number_at(std::string_view bytes, size_t position, size_t count) {
  if (position > bytes.size() || bytes.size() - position < count) {
    return std::nullopt;
  }
  uint64_t value = 0;
  for (size_t i = count; i > 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes[position + i - 1]);
  }
  return value;
}

/// Where an archive lies, as the records at its end say: places in the whole file, and in the archive.
struct ZipEnd {
  uint64_t directory_end = 0;  ///< in the file
  uint64_t directory_size = 0;
  uint64_t directory_offset = 0;  ///< from the archive's beginning
  uint64_t archive_end = 0;       ///< in the file, its comment included
};

/// From the last record that ends an archive; none where there is none, or not all of it.
std::optional<ZipEnd> find_zip_end(std::string_view end, uint64_t size) {
  constexpr size_t kRecord = 22, kLocator = 20, kRecord64 = 56;
  const size_t place = end.rfind("PK\x05\x06");
  if (place == std::string_view::npos || end.size() - place < kRecord) {
    return std::nullopt;
  }
  const uint64_t before = size - end.size();
  ZipEnd found;
  found.directory_size = *number_at(end, place + 12, 4);
  found.directory_offset = *number_at(end, place + 16, 4);
  found.directory_end = before + place;
  found.archive_end = before + place + kRecord + *number_at(end, place + 20, 2);
  // A larger archive has a record with 64-bit numbers, and a locator, in front.
  if (place >= kLocator + kRecord64 && end.substr(place - kLocator).starts_with("PK\x06\x07")) {
    const size_t place64 = place - kLocator - kRecord64;
    if (end.substr(place64).starts_with("PK\x06\x06")) {
      found.directory_size = *number_at(end, place64 + 40, 8);
      found.directory_offset = *number_at(end, place64 + 48, 8);
      found.directory_end = before + place64;
    }
  }
  return found;
}

std::string bytes_text(uint64_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

}  // namespace

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

uint64_t bytes_before_zip(std::string_view end, uint64_t size) {
  const std::optional<ZipEnd> found = find_zip_end(end, size);
  if (!found || found->directory_end <= found->directory_size + found->directory_offset) {
    return 0;
  }
  // What looks like the record must come after a directory, as far as that is at hand.
  const uint64_t directory = found->directory_end - found->directory_size, first = size - end.size();
  const bool is_directory =
      found->directory_size == 0 || directory < first || end.substr(directory - first).starts_with("PK\x01\x02");
  return is_directory ? directory - found->directory_offset : 0;
}

std::string why_no_zip(std::string_view start, std::string_view end, uint64_t size) {
  if (size == 0) {
    return "Not a zip archive: the file is empty";
  }
  if (const std::optional<ZipEnd> found = find_zip_end(end, size)) {
    const uint64_t archive = found->directory_size + found->directory_offset;
    if (const uint64_t before = bytes_before_zip(end, size); before > 0) {
      return "a zip archive with " + bytes_text(before) + " before it";
    }
    if (found->directory_end == archive && found->archive_end < size) {
      return "a zip archive with " + bytes_text(size - found->archive_end) + " after it";
    }
    return "a zip archive that is cut off or broken: its directory does not lie where it should";
  }
  const std::string_view kind = kind_of_file(start);
  if (kind.starts_with("a zip archive")) {
    return "a zip archive that is cut off: the record at its end is missing";
  }
  return "Not a zip archive" + (kind.empty() ? std::string() : ", but " + std::string(kind));
}

}  // namespace heed::detail
