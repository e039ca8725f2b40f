// A lock file under flock: see folder_lock.h.
#include "run/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <string>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

namespace remember {

namespace {

std::string machine_name() {
  std::array<char, 256> name = {};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

/// "process 12", "process 12 on MACHINE" where that is another one, "another process" where the file does not say it.
std::string holder_in(int file) {
  std::array<char, 300> bytes = {};
  const ssize_t got = ::pread(file, bytes.data(), bytes.size(), 0);
  const std::string text(bytes.data(), static_cast<size_t>(std::max<ssize_t>(0, got)));
  const std::string number = text.substr(0, text.find(' '));
  const size_t end = text.find('\n');
  constexpr size_t kMostDigits = 10;
  if (number.empty() || number.size() > kMostDigits || end == std::string::npos || end <= number.size() ||
      number.find_first_not_of("0123456789") != std::string::npos) {
    return "another process";
  }
  const std::string machine = text.substr(number.size() + 1, end - number.size() - 1);
  const bool readable = machine.find_first_not_of(
                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") == std::string::npos;
  return "process " + number + (machine.empty() || !readable || machine == machine_name() ? "" : " on " + machine);
}

enum class Named { yes, no, unknown };

/// Whether the file that is open still has that name: the one who had the lock before may have removed it.
Named is_named(int file, const std::string& path) {
  struct stat open {
  }, named{};
  if (::fstat(file, &open) != 0 || ::stat(path.c_str(), &named) != 0) {
    return errno == ENOENT ? Named::no : Named::unknown;
  }
  return open.st_dev == named.st_dev && open.st_ino == named.st_ino ? Named::yes : Named::no;
}

}  // namespace

FolderLock::FolderLock(const std::string& folder) : path_(folder + '/' + kLockFile) {
  for (;;) {
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (file_ < 0) {
      const int code = errno;
      heed::fail<heed::FileAccessError>("cannot write " + path_, heed::system_message(code));
    }
    if (::flock(file_, LOCK_EX | LOCK_NB) == 0) {
      if (is_named(file_, path_) != Named::no) {
        break;
      }
    } else if (const int code = errno; code == EWOULDBLOCK) {
      const std::string holder = holder_in(file_);
      ::close(file_);
      heed::fail<heed::FileError>(folder, "must be written by one process at a time, got ", holder,
                                  ", which is writing to it");
    } else if (code != EINTR) {
      std::cerr << "remember: " << folder << " cannot be locked (" << heed::system_message(code)
                << "): no second process must write to it\n";
      break;
    }
    ::close(file_);
  }
  const std::string holder = std::to_string(::getpid()) + ' ' + machine_name() + '\n';
  const bool said = ::ftruncate(file_, 0) == 0 &&
                    ::pwrite(file_, holder.data(), holder.size(), 0) == static_cast<ssize_t>(holder.size());
  static_cast<void>(said);  // on a full disk the lock holds without
  heed::remove_abandoned_files(folder);
  heed::remove_abandoned_files(folder + "/figures");
}

/// Removes the file before others can have the lock, so that nobody has a lock on a file without a name; but not the
/// file of another process, which it made because somebody had removed this one's.
FolderLock::~FolderLock() {
  if (is_named(file_, path_) != Named::no) {
    ::unlink(path_.c_str());
  }
  ::close(file_);
}

}  // namespace remember
