// Files by POSIX.
#include <heed/tensor/detail/open_file.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

namespace heed {

std::string system_message(int code) {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 32)
  const char* text = ::strerrordesc_np(code);
  return text != nullptr ? text : "Unknown error " + std::to_string(code);
#else
  return std::generic_category().message(code);
#endif
}

namespace detail {

namespace {

int flags_of(OpenFile::Mode mode) {
  switch (mode) {
    case OpenFile::Mode::read:
      return O_RDONLY | O_NONBLOCK;
    case OpenFile::Mode::hold:
      return O_RDONLY | O_NONBLOCK | O_NOFOLLOW;
    case OpenFile::Mode::write:
      return O_WRONLY | O_TRUNC;
    case OpenFile::Mode::make:
      return O_WRONLY | O_CREAT | O_EXCL;
    case OpenFile::Mode::append:
      return O_WRONLY | O_CREAT | O_APPEND;
    case OpenFile::Mode::update:
      return O_RDWR | O_CREAT | O_NOFOLLOW;
    case OpenFile::Mode::folder:
      return O_RDONLY | O_DIRECTORY;
  }
  return O_RDONLY;
}

bool is_regular_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

int opened(const std::string& path, OpenFile::Mode mode) {
  const int number = ::open(path.c_str(), flags_of(mode) | O_CLOEXEC, 0666);
  // Who holds a lease on it (a file server) has been asked to let go: open(2), EWOULDBLOCK.
  const bool is_leased = number < 0 && errno == EWOULDBLOCK && mode == OpenFile::Mode::read && is_regular_file(path);
  return is_leased ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : number;
}

}  // namespace

OpenFile::OpenFile(const std::string& path, Mode mode) : number_(opened(path, mode)) {
  if (number_ < 0 || (mode != Mode::read && mode != Mode::append)) {
    return;
  }
  struct stat status {};
  const int fault = ::fstat(number_, &status) != 0 ? errno : S_ISDIR(status.st_mode) ? EISDIR : 0;
  is_regular_ = S_ISREG(status.st_mode);
  size_ = static_cast<uint64_t>(status.st_size);
  if (fault != 0) {
    close();
    errno = fault;
  }
}

int64_t OpenFile::read(char* out, size_t size) const { return ::read(number_, out, size); }

int64_t OpenFile::read_at(uint64_t place, char* out, size_t size) const {
  return ::pread(number_, out, size, static_cast<off_t>(place));
}

bool OpenFile::wait(int milliseconds) const {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(milliseconds);
  pollfd wanted = {number_, POLLIN, 0};
  int left = milliseconds;
  int ready = 0;
  while ((ready = ::poll(&wanted, 1, left)) < 0 && errno == EINTR && milliseconds >= 0) {
    left = std::max(0, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count()));
  }
  return ready > 0;
}

bool OpenFile::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = ::write(number_, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(std::max<ssize_t>(0, written)));
  }
  return true;
}

bool OpenFile::resize(uint64_t size) const { return ::ftruncate(number_, static_cast<off_t>(size)) == 0; }

// Pipes and the folders of some file systems have nothing to wait for: EINVAL.
bool OpenFile::sync() const { return ::fsync(number_) == 0 || errno == EINVAL; }

bool OpenFile::close() { return number_ < 0 || ::close(std::exchange(number_, -1)) == 0; }

Answer OpenFile::hold() const {
  while (::flock(number_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR) {
      return errno == EWOULDBLOCK ? Answer::no : Answer::unknown;
    }
  }
  return Answer::yes;
}

Answer OpenFile::is_at(const std::string& path) const {
  struct stat open {
  }, named{};
  if (::fstat(number_, &open) != 0 || ::stat(path.c_str(), &named) != 0) {
    return errno == ENOENT ? Answer::no : Answer::unknown;
  }
  return open.st_dev == named.st_dev && open.st_ino == named.st_ino ? Answer::yes : Answer::no;
}

bool may_write(const std::string& path) { return ::access(path.c_str(), W_OK) == 0; }

void fail_access(std::string_view doing, const std::string& path) {
  const int code = errno;
  fail<FileAccessError>(std::string(doing) + ' ' + path, system_message(code));
}

}  // namespace detail
}  // namespace heed
