// Reads by pread; what has no places to read from is kept in memory.
#include "files/random_access.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

namespace heed::detail {

RandomAccess::RandomAccess(const std::string& path, Beginning may_begin)
    : path_(path), number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  try {
    struct stat status {};
    if (number_ < 0 || ::fstat(number_, &status) != 0) {
      fail_system();
    }
    if (S_ISDIR(status.st_mode)) {
      errno = EISDIR;
      fail_system();
    }
    size_ = static_cast<uint64_t>(status.st_size);
    if (!S_ISREG(status.st_mode)) {
      read_once(may_begin);
    }
  } catch (...) {
    ::close(number_);
    throw;
  }
}

RandomAccess::~RandomAccess() { ::close(number_); }

void RandomAccess::fail_system() const {
  const int code = errno;
  fail<FileAccessError>("cannot read " + path_, system_message(code));
}

void RandomAccess::read_once(Beginning may_begin) {
  constexpr size_t kPiece = size_t{1} << 16;
  in_memory_ = true;
  for (;;) {
    const size_t used = bytes_.size();
    bytes_.resize(used + kPiece);
    const ssize_t got = ::read(number_, bytes_.data() + used, kPiece);
    const int code = errno;
    bytes_.resize(used + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && code != EINTR) {
      errno = code;
      fail_system();
    }
    if (got == 0 || !may_begin(bytes_)) {
      break;
    }
    check<FileError>(bytes_.size() <= kMostFromPipe, "cannot read " + path_, "at most ", kMostFromPipe >> 20,
                     " MiB can be read from what is no regular file");
  }
  size_ = bytes_.size();
}

void RandomAccess::read(uint64_t place, char* out, size_t count) const {
  check<FileError>(place <= size_ && count <= size_ - place, path_, "is cut off: ", count, " bytes are needed at byte ",
                   place, " of ", size_);
  if (in_memory_) {
    std::memcpy(out, bytes_.data() + place, count);
    return;
  }
  while (count > 0) {
    const ssize_t got = ::pread(number_, out, count, static_cast<off_t>(place));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      fail_system();
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
