// Reads files whole, and replaces them by way of a temporary file in the same folder.
#include <heed/tensor/file.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>

#include <heed/tensor/detail/open_file.h>
#include <heed/tensor/detail/process.h>
#include <heed/tensor/error.h>

#include "files/read_to_end.h"
#include "files/write_pieces.h"

namespace heed {

namespace {

using detail::Answer;
using detail::OpenFile;
namespace fs = std::filesystem;

void check_write(bool succeeded, const std::string& path) {
  if (!succeeded) {
    detail::fail_access("cannot write", path);
  }
}

constexpr std::string_view kTemporaryStart = ".heed-", kTemporaryEnd = ".tmp";

/// A new, empty file beside `path`; removed at the end unless it was renamed. It is held all the time, so that
/// remove_abandoned_files() leaves it alone.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& folder, const std::string& wanted) {
    static std::atomic<uint64_t> counter{0};
    constexpr int kTries = 20;  // where a file system numbers files anew each time, no path leads to an open one
    for (int tries = 0;; ++tries) {
      path_ = (folder + '/').append(kTemporaryStart) + std::to_string(detail::process_id()) + "-";
      path_ += std::to_string(counter++).append(kTemporaryEnd);
      file_.emplace(path_, OpenFile::Mode::make);
      check_write(file_->is_open() || errno == EEXIST, wanted);
      if (!file_->is_open()) {
        continue;
      }
      if (tries >= kTries || (file_->hold() != Answer::no && file_->is_at(path_) != Answer::no)) {
        break;
      }
      std::remove(path_.c_str());
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!renamed_) {
      std::remove(path_.c_str());
    }
  }

  const std::string& path() const { return path_; }
  void rename_to(const std::string& target, const std::string& wanted) {
    check_write(std::rename(path_.c_str(), target.c_str()) == 0, wanted);
    renamed_ = true;
  }

 private:
  std::string path_;
  std::optional<OpenFile> file_;
  bool renamed_ = false;
};

/// Where `path` leads when it is a symbolic link, whether or not something stands there; else `path`.
std::string follow_links(std::string path) {
  std::error_code none;
  for (int i = 0; i < 40 && fs::is_symlink(path, none); ++i) {
    const fs::path target = fs::read_symlink(path, none);
    path = (fs::path(path).parent_path() / target).string();
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

void replace_file(const std::string& path, const std::function<void(const std::string& temporary)>& write) {
  std::error_code none;
  const fs::file_status old = fs::status(path, none);
  if (fs::exists(old) && !fs::is_regular_file(old)) {
    errno = EISDIR;
    check_write(!fs::is_directory(old), path);
    write(path);
    return;
  }
  check_write(!fs::exists(old) || detail::may_write(path), path);

  const std::string target = follow_links(path);
  const std::string parent = fs::path(target).parent_path().string();
  const std::string folder = parent.empty() ? "." : parent;
  const OpenFile folder_file(folder, OpenFile::Mode::folder);
  check_write(folder_file.is_open(), path);
  TemporaryFile temporary(folder, path);
  write_temporary(path, temporary.path(), write);
  OpenFile written(temporary.path(), OpenFile::Mode::read);
  check_write(written.is_open() && written.sync() && written.close(), path);
  if (fs::exists(old)) {
    std::error_code fault;
    fs::permissions(temporary.path(), old.permissions(), fault);
    errno = fault.value();
    check_write(!fault, path);
  }
  temporary.rename_to(target, path);
  check_write(folder_file.sync(), path);
}

void detail::write_pieces(const std::string& path, const std::function<void(const PieceWriter& out)>& write) {
  replace_file(path, [&write](const std::string& temporary) {
    OpenFile file(temporary, OpenFile::Mode::write);
    check_write(file.is_open(), temporary);
    write([&](std::string_view bytes) { check_write(file.write(bytes), temporary); });
    check_write(file.close(), temporary);
  });
}

void write_file(const std::string& path, std::string_view bytes) {
  detail::write_pieces(path, [bytes](const detail::PieceWriter& out) { out(bytes); });
}

void append_to_file(const std::string& path, std::string_view bytes) {
  OpenFile file(path, OpenFile::Mode::append);
  check_write(file.is_open(), path);
  if (!file.write(bytes)) {
    const int code = errno;
    const bool undone = !file.is_regular() || file.resize(file.size());
    fail<FileAccessError>("cannot write " + path, system_message(code) + (undone ? "" : "; a part was written"));
  }
  check_write(file.close(), path);
}

void sync_file(const std::string& path) {
  std::error_code none;
  OpenFile file(path, fs::is_directory(path, none) ? OpenFile::Mode::folder : OpenFile::Mode::read);
  check_write(file.is_open() && file.sync() && file.close(), path);
}

int64_t remove_abandoned_files(const std::string& folder) {
  int64_t removed = 0;
  std::error_code none;
  for (fs::directory_iterator entry(folder, none), end; !none && entry != end; entry.increment(none)) {
    const std::string path = entry->path().string();
    if (is_temporary(entry->path().filename().string()) && fs::is_regular_file(entry->symlink_status(none))) {
      const OpenFile file(path, OpenFile::Mode::hold);
      removed += file.is_open() && file.hold() == Answer::yes && std::remove(path.c_str()) == 0 ? 1 : 0;
    }
  }
  return removed;
}

std::string read_file(const std::string& path, int64_t most) {
  const OpenFile file(path, OpenFile::Mode::read);
  if (!file.is_open()) {
    detail::fail_access("cannot read", path);
  }
  return detail::read_to_end(file, path, [&](std::string_view bytes) {
    check<FileError>(std::max(static_cast<int64_t>(bytes.size()), static_cast<int64_t>(file.size())) <= most,
                     "cannot read " + path, "must have at most ", most, " bytes");
    return true;
  });
}

}  // namespace heed
