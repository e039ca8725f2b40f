// A lock file that is held: see folder_lock.h.
#include "system/folder_lock.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>

#include <heed/tensor/detail/process.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

namespace remember {

namespace {

using heed::detail::Answer;
using heed::detail::OpenFile;

std::string machine_name() {
  std::array<char, 256> name = {};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

/// "process 12", "process 12 on MACHINE" where that is another one, "another process" where the file does not say it.
std::string holder_in(const OpenFile& file) {
  std::array<char, 300> bytes = {};
  const int64_t got = file.read_at(0, bytes.data(), bytes.size());
  const std::string text(bytes.data(), static_cast<size_t>(std::max<int64_t>(0, got)));
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

}  // namespace

FolderLock::FolderLock(const std::string& folder) : path_(folder + '/' + kLockFile) {
  do {
    file_.emplace(path_, OpenFile::Mode::update);
    if (!file_->is_open()) {
      heed::detail::fail_access("cannot write", path_);
    }
    const Answer held = file_->hold();
    if (held == Answer::no) {
      heed::fail<heed::FileError>(folder, "must be written by one process at a time, got ", holder_in(*file_),
                                  ", which is writing to it");
    }
    if (held == Answer::unknown) {
      const std::string reason = heed::system_message(errno);  // before output changes it
      std::cerr << "remember: " << folder << " cannot be locked (" << reason
                << "): no second process must write to it\n";
      break;
    }
    // The one who had the lock before may have removed the file.
  } while (file_->is_at(path_) == Answer::no);
  const std::string holder = std::to_string(heed::detail::process_id()) + ' ' + machine_name() + '\n';
  const bool said = file_->resize(0) && file_->write(holder);
  static_cast<void>(said);  // on a full disk the lock holds without
  heed::remove_abandoned_files(folder);
  heed::remove_abandoned_files(folder + "/figures");
}

/// Removes the file before others can have the lock, so that nobody has a lock on a file without a name; but not the
/// file of another process, which it made because somebody had removed this one's.
FolderLock::~FolderLock() {
  if (file_->is_at(path_) != Answer::no) {
    std::remove(path_.c_str());
  }
}

}  // namespace remember
