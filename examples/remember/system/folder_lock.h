// FolderLock: lets one process at a time write to the folder of a run.
#pragma once

#include <optional>
#include <string>

#include <heed/tensor/detail/open_file.h>

namespace remember {

/// The file that is there while a process writes to the folder, with its number and the name of its machine. One that a
/// killed process left locks nothing.
inline constexpr const char* kLockFile = ".remember.lock";

class FolderLock {
 public:
  /// Locks a folder that exists, and removes the temporary files in it and in its `figures` that killed processes left.
  /// Throws heed::FileError, which names the process that has the lock. A file system without locks gets a note on the
  /// standard error instead.
  explicit FolderLock(const std::string& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  std::string path_;
  std::optional<heed::detail::OpenFile> file_;
};

}  // namespace remember
