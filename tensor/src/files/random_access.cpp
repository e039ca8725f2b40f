// What has no places to read from is kept in memory.
#include "files/random_access.h"

#include <cerrno>
#include <cstring>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "files/byte_count.h"
#include "files/read_to_end.h"

namespace heed::detail {

RandomAccess::RandomAccess(const std::string& path, Beginning may_begin)
    : path_(path), file_(path, OpenFile::Mode::read), size_(file_.size()) {
  if (!file_.is_open()) {
    fail_access("cannot read", path);
  }
  if (!file_.is_regular()) {
    bytes_ = read_to_end(file_, path, [&](std::string_view bytes) {
      check<FileError>(bytes.size() <= kMostFromPipe, "cannot read " + path, "at most ", kMostFromPipe >> 20,
                       " MiB can be read from what is no regular file");
      return may_begin(bytes);
    });
    size_ = bytes_.size();
  }
}

void RandomAccess::read(uint64_t place, char* out, size_t count) const {
  check<FileError>(place <= size_ && count <= size_ - place, path_, "is cut off: ", byte_count(count),
                   count == 1 ? " is" : " are", " needed at byte ", place, " of ", size_);
  if (!file_.is_regular()) {
    std::memcpy(out, bytes_.data() + place, count);
    return;
  }
  while (count > 0) {
    const int64_t got = file_.read_at(place, out, count);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      fail_access("cannot read", path_);
    }
    check<FileError>(got > 0, path_, "has become shorter while it was read");
    out += got;
    place += static_cast<uint64_t>(got);
    count -= static_cast<size_t>(got);
  }
}

std::string RandomAccess::read(uint64_t place, size_t count) const {
  std::string bytes(count, '\0');
  read(place, bytes.data(), count);
  return bytes;
}

}  // namespace heed::detail
