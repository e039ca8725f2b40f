// Finds the record that ends an archive, and compares what the records there say.
#include "files/zip_end.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <heed/tensor/error.h>

#include "files/byte_count.h"
#include "files/file_kind.h"
#include "files/little_endian.h"

namespace heed::detail {

namespace {

constexpr std::string_view kEndMagic = "PK\x05\x06", kEnd64Magic = "PK\x06\x06", kLocatorMagic = "PK\x06\x07";
constexpr size_t kEndBytes = 22, kLocatorBytes = 20, kEnd64Bytes = 56, kLongestComment = 65'535;

/// The last bytes of a file.
struct Tail {
  std::string bytes;
  uint64_t before = 0;  ///< how many bytes of the file stand in front of them

  Tail(const RandomAccess& file, uint64_t most) : before(file.size() - std::min(file.size(), most)) {
    bytes = file.read(before, file.size() - before);
  }
  uint64_t number(size_t place, size_t count) const { return little_endian(bytes, place, count); }
  bool has_end_at(size_t place) const {
    return bytes.size() - place >= kEndBytes && std::string_view(bytes).substr(place).starts_with(kEndMagic);
  }
};

/// What the end records at `place` of the tail say; `first` is where the first of them lies in the file.
struct EndRecords {
  ZipEnd end;
  uint64_t first = 0;
  bool consistent = true;
};

/// Takes the 64-bit number for one that does not fit its field, which then must have all bits set.
bool widen(uint64_t& value, uint64_t wide, size_t field_bytes) {
  const uint64_t all_bits = (uint64_t{1} << 8 * field_bytes) - 1;
  const bool agrees = value == all_bits || value == wide;
  value = wide;
  return agrees;
}

EndRecords read_records(const Tail& tail, size_t place) {
  EndRecords found;
  found.end = {tail.number(place + 16, 4), tail.number(place + 12, 4), tail.number(place + 10, 2)};
  found.first = tail.before + place;
  found.consistent = tail.number(place + 4, 4) == 0 && tail.number(place + 8, 2) == found.end.members;
  const std::string_view bytes = tail.bytes;
  if (place < kLocatorBytes + kEnd64Bytes || !bytes.substr(place - kLocatorBytes).starts_with(kLocatorMagic)) {
    return found;
  }
  const size_t locator = place - kLocatorBytes, end64 = locator - kEnd64Bytes;
  if (!bytes.substr(end64).starts_with(kEnd64Magic)) {
    found.consistent = false;
    return found;
  }
  found.first = tail.before + end64;
  constexpr uint64_t kRest = kEnd64Bytes - 12;  // The record's size, without its first two fields.
  const bool one_disk = tail.number(end64 + 16, 8) == 0 && tail.number(locator + 4, 4) == 0 &&
                        tail.number(locator + 16, 4) <= 1 && tail.number(end64 + 24, 8) == tail.number(end64 + 32, 8);
  const bool located = tail.number(end64 + 4, 8) == kRest && tail.number(locator + 8, 8) == found.first;
  found.consistent = one_disk && located && widen(found.end.members, tail.number(end64 + 32, 8), 2) &&
                     widen(found.end.directory_bytes, tail.number(end64 + 40, 8), 4) &&
                     widen(found.end.directory, tail.number(end64 + 48, 8), 4);
  return found;
}

/// Why a file whose last byte ends no archive is none that can be read.
std::string why_no_end(const RandomAccess& file) {
  if (file.size() == 0) {
    return "Not a zip archive: the file is empty";
  }
  const Tail tail(file, uint64_t{1} << 20);
  const size_t place = tail.bytes.rfind(kEndMagic);
  if (place != std::string::npos && tail.has_end_at(place)) {
    const uint64_t archive_end = tail.before + place + kEndBytes + tail.number(place + 20, 2);
    return archive_end < file.size() ? "a zip archive with " + byte_count(file.size() - archive_end) + " after it"
                                     : "a zip archive that is cut off: its comment is";
  }
  const std::string_view kind = kind_of_file(file.read(0, std::min<uint64_t>(file.size(), 8)));
  if (kind.starts_with("a zip archive")) {
    return "a zip archive that is cut off: the record at its end is missing";
  }
  return "Not a zip archive" + (kind.empty() ? std::string() : ", but " + std::string(kind));
}

}  // namespace

ZipEnd find_zip_end(const RandomAccess& file) {
  const std::string where = "cannot read " + file.path();
  const Tail tail(file, kLongestComment + kEndBytes + kLocatorBytes + kEnd64Bytes);
  size_t place = std::string::npos;
  for (size_t at = tail.bytes.find(kEndMagic); at != std::string::npos; at = tail.bytes.find(kEndMagic, at + 1)) {
    const bool ends_file = tail.has_end_at(at) && at + kEndBytes + tail.number(at + 20, 2) == tail.bytes.size();
    // The first one that fits: a later one would lie in its comment.
    place = place == std::string::npos && ends_file ? at : place;
  }
  check<FileError>(place != std::string::npos, where, place == std::string::npos ? why_no_end(file) : "");
  check<FileError>(tail.bytes.find(kEndMagic, place + 1) == std::string::npos, where,
                   "a zip archive with a second end record in its comment");
  const EndRecords records = read_records(tail, place);
  check<FileError>(records.consistent, where, "a zip archive whose end records contradict each other");
  const ZipEnd& end = records.end;
  const bool fits = end.directory_bytes <= records.first && end.directory <= records.first - end.directory_bytes;
  check<FileError>(fits, where, "a zip archive that is cut off or broken: its directory does not lie where it should");
  const uint64_t before = records.first - end.directory_bytes - end.directory;
  check<FileError>(before == 0, where, "a zip archive with ", byte_count(before), " before it");
  return end;
}

}  // namespace heed::detail
