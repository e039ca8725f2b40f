// Reads members by their entries in the directory; unpacks with zlib's inflate.
#include "files/zip_archive.h"

#include <zlib.h>

#include <algorithm>
#include <new>

#include <heed/tensor/error.h>

#include "files/byte_count.h"
#include "files/file_kind.h"
#include "files/random_access.h"
#include "files/zip_directory.h"

namespace heed::detail {

namespace {

constexpr uint64_t kStored = 0, kDeflated = 8;
constexpr uint64_t kEncrypted = 1 | 1 << 6 | 1 << 13;  ///< flags
/// Deflate packs at most so many bytes into one.
constexpr uint64_t kMostPerByte = 1032;

std::string cut_off(uint64_t missing) {
  return "is cut off: " + byte_count(missing) + (missing == 1 ? " is missing" : " are missing");
}

}  // namespace

struct ZipMember::State {
  std::string where;
  const RandomAccess& file;
  ZipEntry entry;
  uint64_t place = 0;        ///< of the next packed byte in the file
  uint64_t packed_left = 0;  ///< bytes
  uint64_t left = 0;         ///< bytes that are promised and were not read
  uint64_t crc = 0;
  std::string packed = std::string(size_t{1} << 14, '\0');
  bool at_end = false;  ///< of the deflated stream
  z_stream inflater = {};

  State(std::string name, const RandomAccess& from, const ZipEntry& of)
      : where(std::move(name)),
        file(from),
        entry(of),
        place(of.data),
        packed_left(of.packed_bytes),
        left(of.bytes),
        crc(crc32(0, nullptr, 0)) {
    if (entry.method == kDeflated && inflateInit2(&inflater, -MAX_WBITS) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~State() { inflateEnd(&inflater); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void read_packed(char* out, size_t count) {
    file.read(place, out, count);
    place += count;
    packed_left -= count;
  }

  /// Some unpacked bytes; 0 at the end of the stream.
  size_t inflate_some(char* out, size_t count) {
    inflater.next_out = reinterpret_cast<Bytef*>(out);
    inflater.avail_out = static_cast<uInt>(std::min<size_t>(count, 1 << 20));
    const uInt room = inflater.avail_out;
    while (!at_end && inflater.avail_out == room) {
      if (inflater.avail_in == 0 && packed_left > 0) {
        const size_t some = std::min<uint64_t>(packed_left, packed.size());
        read_packed(packed.data(), some);
        inflater.next_in = reinterpret_cast<Bytef*>(packed.data());
        inflater.avail_in = static_cast<uInt>(some);
      }
      const int code = inflate(&inflater, Z_NO_FLUSH);
      check<FileError>(code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR, where,
                       "is broken: ", inflater.msg == nullptr ? "its deflated bytes are" : inflater.msg);
      at_end = code == Z_STREAM_END;
      // zlib may have taken all bytes and still owe what did not fit the last time.
      check<FileError>(at_end || inflater.avail_out < room || inflater.avail_in > 0 || packed_left > 0, where,
                       left > 0 ? cut_off(left) : "is broken: its deflated bytes do not end");
    }
    return room - inflater.avail_out;
  }
};

ZipMember::ZipMember(std::unique_ptr<State> state) : state_(std::move(state)) {}
ZipMember::~ZipMember() = default;

int64_t ZipMember::size() const { return static_cast<int64_t>(state_->entry.bytes); }

void ZipMember::read(char* out, int64_t count) {
  State& state = *state_;
  auto wanted = static_cast<uint64_t>(count);
  check<FileError>(wanted <= state.left, state.where, cut_off(wanted - std::min(wanted, state.left)));
  while (wanted > 0) {
    size_t got = std::min<uint64_t>(wanted, 1 << 20);
    if (state.entry.method == kStored) {
      state.read_packed(out, got);
    } else {
      got = state.inflate_some(out, got);
      check<FileError>(got > 0, state.where, cut_off(wanted));
    }
    state.crc = crc32(state.crc, reinterpret_cast<const Bytef*>(out), static_cast<uInt>(got));
    state.left -= got;
    wanted -= got;
    out += got;
  }
}

void ZipMember::check_end() {
  State& state = *state_;
  if (state.entry.method == kDeflated) {
    char extra = 0;
    check<FileError>(state.at_end || state.inflate_some(&extra, 1) == 0, state.where, "holds more than its size says");
    check<FileError>(state.packed_left == 0 && state.inflater.avail_in == 0, state.where,
                     "holds bytes after its deflated ones");
  }
  check<FileError>(state.crc == state.entry.crc, state.where, "is broken: CRC error");
}

struct ZipReader::State {
  RandomAccess file;
  std::vector<ZipEntry> entries;
  std::vector<std::string> names;

  explicit State(const std::string& path)
      : file(path, [](std::string_view start) { return may_begin_with(start, "PK"); }),
        entries(read_zip_directory(file)) {
    for (ZipEntry& entry : entries) {
      names.push_back(std::move(entry.name));
    }
  }
};

ZipReader::ZipReader(const std::string& path) : state_(std::make_unique<State>(path)) {}

ZipReader::~ZipReader() = default;

const std::vector<std::string>& ZipReader::names() const { return state_->names; }

std::unique_ptr<ZipMember> ZipReader::open(size_t index, const std::string& where) const {
  const ZipEntry& entry = state_->entries.at(index);
  const bool is_stored = entry.method == kStored;
  check<FileError>(is_stored || entry.method == kDeflated, where, "compression method ", entry.method,
                   " cannot be read: needs stored or deflated");
  check<FileError>((entry.flags & kEncrypted) == 0, where, "is encrypted");
  // A size that cannot be is refused before memory is allocated.
  const bool possible =
      is_stored ? entry.bytes == entry.packed_bytes : entry.bytes / kMostPerByte <= entry.packed_bytes;
  check<FileError>(possible && entry.bytes < uint64_t{1} << 62, where, "cannot hold ", entry.bytes, " bytes in ",
                   entry.packed_bytes, " of a file of ", state_->file.size());
  return std::unique_ptr<ZipMember>(new ZipMember(std::make_unique<ZipMember::State>(where, state_->file, entry)));
}

}  // namespace heed::detail
