// Reads an archive's directory, and compares it with the headers that stand in front of the members.
#include "files/zip_directory.h"

#include <algorithm>
#include <string_view>

#include <heed/tensor/error.h>
#include <heed/tensor/utf8.h>

#include "files/byte_count.h"
#include "files/little_endian.h"
#include "files/zip_end.h"

namespace heed::detail {

namespace {

constexpr std::string_view kEntryMagic = "PK\x01\x02", kHeaderMagic = "PK\x03\x04", kDescriptorMagic = "PK\x07\x08";
constexpr size_t kEntryBytes = 46, kHeaderBytes = 30;
constexpr uint64_t kSaturated = 0xFFFF'FFFF;         ///< in a 32-bit field: the number is in the 64-bit extra field
constexpr uint64_t kSizesFollow = uint64_t{1} << 3;  ///< flag: sizes and CRC stand behind the member

/// The 64-bit numbers of an extra field, in their order.
class Extra64 {
 public:
  explicit Extra64(std::string_view extra) {
    while (extra.size() >= 4) {
      const uint64_t id = little_endian(extra, 0, 2), size = little_endian(extra, 2, 2);
      extra.remove_prefix(4);
      is_whole_ = size <= extra.size() && !(id == 1 && !numbers_.empty());
      if (!is_whole_) {
        return;
      }
      if (id == 1) {
        numbers_ = extra.substr(0, size);
      }
      extra.remove_prefix(size);
    }
    is_whole_ = extra.empty();
  }

  /// Replaces a saturated number by the next of the field.
  void widen(uint64_t& number) {
    if (number == kSaturated && is_whole_) {
      is_whole_ = numbers_.size() >= 8;
      if (is_whole_) {
        number = little_endian(numbers_, 0, 8);
        numbers_.remove_prefix(8);
      }
    }
  }
  bool is_whole() const { return is_whole_; }

 private:
  std::string_view numbers_;
  bool is_whole_ = true;
};

/// Throws for a member, or for the archive as long as the member's name is not known.
class Refusal {
 public:
  explicit Refusal(const RandomAccess& file) : where_("cannot read " + file.path()) {}

  template <class... Parts>
  void unless(bool good, const std::string& name, const Parts&... parts) const {
    check<FileError>(good, where_, "member '", good ? "" : printable(name), "' ", parts...);
  }
  template <class... Parts>
  void archive_unless(bool good, const Parts&... parts) const {
    check<FileError>(good, where_, parts...);
  }

 private:
  std::string where_;
};

/// The entry at the beginning of `rest`, which it takes away.
ZipEntry take_entry(std::string_view& rest, size_t number, const Refusal& refuse) {
  const auto field = [&rest](size_t place, size_t count) { return little_endian(rest, place, count); };
  const bool has_entry = rest.size() >= kEntryBytes && rest.starts_with(kEntryMagic);
  refuse.archive_unless(has_entry, "a zip archive that is cut off or broken: its directory has no entry ", number + 1);
  ZipEntry entry;
  const size_t name_bytes = field(28, 2), extra_bytes = field(30, 2), comment_bytes = field(32, 2);
  refuse.archive_unless(kEntryBytes + name_bytes + extra_bytes + comment_bytes <= rest.size(),
                        "a zip archive whose directory is cut off in entry ", number + 1);
  entry.name = rest.substr(kEntryBytes, name_bytes);
  entry.flags = field(8, 2);
  entry.method = field(10, 2);
  entry.crc = field(16, 4);
  entry.packed_bytes = field(20, 4);
  entry.bytes = field(24, 4);
  entry.header = field(42, 4);
  Extra64 extra(rest.substr(kEntryBytes + name_bytes, extra_bytes));
  extra.widen(entry.bytes);
  extra.widen(entry.packed_bytes);
  extra.widen(entry.header);
  refuse.unless(extra.is_whole() && field(34, 2) == 0, entry.name, "has a broken entry in the directory");
  const std::string problem = problem_of_name(entry.name);
  refuse.unless(problem.empty(), entry.name, "has a name that cannot be read: it ", problem);
  rest.remove_prefix(kEntryBytes + name_bytes + extra_bytes + comment_bytes);
  return entry;
}

/// Compares the local header of an entry with it, and notes where its bytes begin.
void read_header(const RandomAccess& file, ZipEntry& entry, const Refusal& refuse) {
  const bool fits = entry.header <= file.size() && file.size() - entry.header >= kHeaderBytes;
  refuse.unless(fits, entry.name, "must begin in the file, got byte ", entry.header, " of ", file.size());
  const std::string header = file.read(entry.header, kHeaderBytes);
  const auto field = [&header](size_t place, size_t count) { return little_endian(header, place, count); };
  refuse.unless(header.starts_with(kHeaderMagic), entry.name, "has no header at byte ", entry.header);
  const uint64_t name_bytes = field(26, 2), extra_bytes = field(28, 2);
  entry.data = entry.header + kHeaderBytes + name_bytes + extra_bytes;
  refuse.unless(entry.data <= file.size(), entry.name, "has a header that is cut off");
  const std::string rest = file.read(entry.header + kHeaderBytes, name_bytes + extra_bytes);
  const std::string name = rest.substr(0, name_bytes);
  refuse.unless(name == entry.name, entry.name, "is called '", name == entry.name ? "" : printable(name),
                "' in its own header");
  uint64_t packed_bytes = field(18, 4), bytes = field(22, 4), crc = field(14, 4);
  Extra64 extra(std::string_view(rest).substr(name_bytes));
  extra.widen(bytes);
  extra.widen(packed_bytes);
  const bool later = (entry.flags & kSizesFollow) != 0;
  const auto agrees = [later](uint64_t here, uint64_t there) { return here == there || (later && here == 0); };
  refuse.unless(extra.is_whole() && field(6, 2) == entry.flags && field(8, 2) == entry.method &&
                    agrees(crc, entry.crc) && agrees(packed_bytes, entry.packed_bytes) && agrees(bytes, entry.bytes),
                entry.name, "has a header that contradicts the directory: ", bytes, " bytes in ", packed_bytes,
                " by method ", field(8, 2), " there, ", entry.bytes, " in ", entry.packed_bytes, " by method ",
                entry.method, " here");
}

/// Whether the bytes between a member and what follows are the descriptor that repeats its CRC and sizes, or none.
bool is_descriptor(const RandomAccess& file, const ZipEntry& entry, uint64_t begin, uint64_t count) {
  if ((entry.flags & kSizesFollow) == 0 || (count != 12 && count != 16 && count != 20 && count != 24)) {
    return count == 0;
  }
  const std::string bytes = file.read(begin, count);
  std::string_view rest = bytes;
  if (count == 16 || count == 24) {
    if (!rest.starts_with(kDescriptorMagic)) {
      return false;
    }
    rest.remove_prefix(kDescriptorMagic.size());
  }
  const size_t width = (rest.size() - 4) / 2;
  return little_endian(rest, 0, 4) == entry.crc && little_endian(rest, 4, width) == entry.packed_bytes &&
         little_endian(rest, 4 + width, width) == entry.bytes;
}

/// Refuses members that overlap, and bytes that belong to none.
void check_layout(const RandomAccess& file, const std::vector<ZipEntry>& entries, uint64_t directory,
                  const Refusal& refuse) {
  std::vector<const ZipEntry*> order;
  for (const ZipEntry& entry : entries) {
    order.push_back(&entry);
  }
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->header < b->header; });
  const uint64_t first = order.empty() ? directory : order.front()->header;
  refuse.archive_unless(first == 0, "a zip archive with ", byte_count(first), " before its first member");
  for (size_t i = 0; i < order.size(); ++i) {
    const ZipEntry& entry = *order[i];
    const uint64_t next = i + 1 < order.size() ? order[i + 1]->header : directory;
    const bool apart = entry.data <= next && entry.packed_bytes <= next - entry.data;
    refuse.unless(apart, entry.name, "cannot hold ", entry.bytes, " bytes in ", entry.packed_bytes, " of a file of ",
                  file.size(), ": it overlaps what follows at byte ", next);
    const uint64_t end = entry.data + entry.packed_bytes;
    refuse.unless(is_descriptor(file, entry, end, next - end), entry.name, "is followed by ", next - end,
                  " bytes that belong to no member");
  }
}

bool has_parent_folder(std::string_view name) {
  for (size_t begin = 0; begin <= name.size();) {
    const size_t end = std::min(name.find_first_of("/\\", begin), name.size());
    if (name.substr(begin, end - begin) == "..") {
      return true;
    }
    begin = end + 1;
  }
  return false;
}

}  // namespace

std::string problem_of_name(const std::string& name) {
  if (name.empty()) {
    return "must not be empty";
  }
  if (find_invalid_utf8(name) < name.size()) {
    return "must be UTF-8";
  }
  if (has_control(name)) {
    return "must hold no control characters";
  }
  const bool leads_out = name.front() == '/' || name.front() == '\\' || has_parent_folder(name);
  return leads_out ? "must be no path that leads out of a folder" : "";
}

std::vector<ZipEntry> read_zip_directory(const RandomAccess& file) {
  const ZipEnd end = find_zip_end(file);
  const Refusal refuse(file);
  refuse.archive_unless(end.members <= kMostMembers && end.directory_bytes <= kLargestDirectory,
                        "a zip archive must have at most ", kMostMembers, " members in a directory of ",
                        kLargestDirectory, " bytes, got ", end.members, " in ", end.directory_bytes);
  const std::string directory = file.read(end.directory, end.directory_bytes);
  std::string_view rest = directory;
  std::vector<ZipEntry> entries;
  for (size_t i = 0; i < end.members; ++i) {
    entries.push_back(take_entry(rest, i, refuse));
  }
  refuse.archive_unless(rest.empty(), "a zip archive with more in its directory than the ", end.members,
                        " members that it should have");
  for (ZipEntry& entry : entries) {
    read_header(file, entry, refuse);
  }
  check_layout(file, entries, end.directory, refuse);
  return entries;
}

}  // namespace heed::detail
