// Reads files whole, and replaces them by way of a temporary file in the same folder.
#include <heed/tensor/file.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include <heed/tensor/error.h>

#include "files/write_pieces.h"

namespace heed {

namespace {

class FileDescriptor {
 public:
  FileDescriptor(const std::string& path, int flags, mode_t mode = 0)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() { close(); }

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }
  /// False when the system reports a write that failed late.
  bool close() { return number_ < 0 || ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

void check_system(bool succeeded, std::string_view doing, const std::string& path) {
  if (!succeeded) {
    const int code = errno;
    fail<FileAccessError>(std::string(doing) + " " + path, system_message(code));
  }
}

void check_write(bool succeeded, const std::string& path) { check_system(succeeded, "cannot write", path); }

/// False, with the reason in errno, when not all of the bytes could be written.
bool write_all(const FileDescriptor& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(std::max<ssize_t>(0, written)));
  }
  return true;
}

constexpr std::string_view kTemporaryStart = ".heed-", kTemporaryEnd = ".tmp";

/// Whether nobody else holds the file, which is held from now on, as long as it is open. Also true where the file
/// system has no locks, unless `must_know`.
bool hold(const FileDescriptor& file, bool must_know) {
  return ::flock(file.number(), LOCK_EX | LOCK_NB) == 0 || (!must_know && errno != EWOULDBLOCK);
}

/// A new, empty file beside `path`; removed at the end unless it was renamed. It is held all the time, so that
/// remove_abandoned_files() leaves it alone.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& folder, const std::string& wanted) {
    static std::atomic<uint64_t> counter{0};
    for (;;) {
      path_ = (folder + '/').append(kTemporaryStart) + std::to_string(::getpid()) + "-" + std::to_string(counter++);
      path_ += kTemporaryEnd;
      file_.emplace(path_, O_WRONLY | O_CREAT | O_EXCL, 0666);
      check_write(file_->is_open() || errno == EEXIST, wanted);
      struct stat status {};
      const auto was_removed = [&] { return ::fstat(file_->number(), &status) == 0 && status.st_nlink == 0; };
      if (file_->is_open() && hold(*file_, false) && !was_removed()) {
        return;
      }
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!renamed_) {
      ::unlink(path_.c_str());
    }
  }

  const std::string& path() const { return path_; }
  void rename_to(const std::string& target, const std::string& wanted) {
    check_write(std::rename(path_.c_str(), target.c_str()) == 0, wanted);
    renamed_ = true;
  }

 private:
  std::string path_;
  std::optional<FileDescriptor> file_;
  bool renamed_ = false;
};

/// Where `path` leads when it is a symbolic link, whether or not something stands there; else `path`.
std::string follow_links(std::string path) {
  std::error_code none;
  for (int i = 0; i < 40 && std::filesystem::is_symlink(path, none); ++i) {
    const std::filesystem::path target = std::filesystem::read_symlink(path, none);
    path = (std::filesystem::path(path).parent_path() / target).string();
  }
  return path;
}

/// Calls write(temporary); its FileErrors name `path` instead of the temporary file.
void write_temporary(const std::string& path, const std::string& temporary,
                     const std::function<void(const std::string&)>& write) {
  try {
    write(temporary);
  } catch (const FileError& error) {
    std::string message = error.what();
    for (size_t at = message.find(temporary); at != std::string::npos; at = message.find(temporary, at + path.size())) {
      message.replace(at, temporary.size(), path);
    }
    throw FileError(message.find(path) == std::string::npos ? "cannot write " + path + ": " + message : message);
  }
}

bool is_temporary(std::string_view name) { return name.starts_with(kTemporaryStart) && name.ends_with(kTemporaryEnd); }

}  // namespace

std::string system_message(int code) {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 32)
  const char* text = ::strerrordesc_np(code);
  return text != nullptr ? text : "Unknown error " + std::to_string(code);
#else
  return std::generic_category().message(code);
#endif
}

void replace_file(const std::string& path, const std::function<void(const std::string& temporary)>& write) {
  struct stat old {};
  const bool exists = ::stat(path.c_str(), &old) == 0;
  if (exists && !S_ISREG(old.st_mode)) {
    errno = EISDIR;
    check_write(!S_ISDIR(old.st_mode), path);
    write(path);
    return;
  }
  check_write(!exists || ::access(path.c_str(), W_OK) == 0, path);

  const std::string target = follow_links(path);
  const std::string parent = std::filesystem::path(target).parent_path().string();
  const std::string folder = parent.empty() ? "." : parent;
  FileDescriptor folder_file(folder, O_RDONLY | O_DIRECTORY);
  check_write(folder_file.is_open(), path);
  TemporaryFile temporary(folder, path);
  write_temporary(path, temporary.path(), write);
  FileDescriptor written(temporary.path(), O_RDONLY);
  check_write(written.is_open() && ::fsync(written.number()) == 0, path);
  check_write(!exists || ::fchmod(written.number(), old.st_mode & 07777) == 0, path);
  check_write(written.close(), path);
  temporary.rename_to(target, path);
  // Some file systems do not offer fsync for folders (EINVAL); they order renames themselves.
  check_write(::fsync(folder_file.number()) == 0 || errno == EINVAL, path);
}

void detail::write_pieces(const std::string& path, const std::function<void(const PieceWriter& out)>& write) {
  replace_file(path, [&write](const std::string& temporary) {
    FileDescriptor file(temporary, O_WRONLY | O_TRUNC);
    check_write(file.is_open(), temporary);
    write([&](std::string_view bytes) { check_write(write_all(file, bytes), temporary); });
    check_write(file.close(), temporary);
  });
}

void write_file(const std::string& path, std::string_view bytes) {
  detail::write_pieces(path, [bytes](const detail::PieceWriter& out) { out(bytes); });
}

void append_to_file(const std::string& path, std::string_view bytes) {
  FileDescriptor file(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
  struct stat before {};
  check_write(file.is_open() && ::fstat(file.number(), &before) == 0, path);
  if (!write_all(file, bytes)) {
    const int code = errno;
    const bool undone = S_ISREG(before.st_mode) && ::ftruncate(file.number(), before.st_size) == 0;
    fail<FileAccessError>("cannot write " + path,
                          system_message(code) + (undone || !S_ISREG(before.st_mode) ? "" : "; a part was written"));
  }
  check_write(file.close(), path);
}

void sync_file(const std::string& path) {
  FileDescriptor file(path, O_RDONLY);
  check_write(file.is_open() && (::fsync(file.number()) == 0 || errno == EINVAL) && file.close(), path);
}

int64_t remove_abandoned_files(const std::string& folder) {
  int64_t removed = 0;
  std::error_code none;
  for (std::filesystem::directory_iterator entry(folder, none), end; !none && entry != end; entry.increment(none)) {
    const std::string path = entry->path().string();
    if (is_temporary(entry->path().filename().string()) &&
        std::filesystem::is_regular_file(entry->symlink_status(none))) {
      const FileDescriptor file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      removed += file.is_open() && hold(file, true) && ::unlink(path.c_str()) == 0 ? 1 : 0;
    }
  }
  return removed;
}

std::string read_file(const std::string& path, int64_t most) {
  FileDescriptor file(path, O_RDONLY);
  check_system(file.is_open(), "cannot read", path);
  struct stat status {};
  check_system(::fstat(file.number(), &status) == 0, "cannot read", path);
  std::string bytes;
  size_t used = 0;
  for (;;) {
    check<FileError>(std::max(static_cast<int64_t>(used), static_cast<int64_t>(status.st_size)) <= most,
                     "cannot read " + path, "must have at most ", most, " bytes");
    if (used == bytes.size()) {
      const size_t expected = static_cast<size_t>(status.st_size) + 1;
      bytes.resize(used < expected ? expected : used * 2 + 65536);
    }
    const ssize_t got = ::read(file.number(), bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    check_system(got >= 0, "cannot read", path);
    if (got == 0) {
      break;
    }
    used += static_cast<size_t>(got);
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace heed
