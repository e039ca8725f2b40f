// Files that are written whole or not at all.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>

#include <heed/tensor/error.h>

namespace heed {

/// What the system refused to open, read or write: "cannot read PATH: Too many open files". Says nothing of the
/// content.
class FileAccessError : public FileError {
 public:
  using FileError::FileError;
};

/// Calls write(path of a temporary file in the same folder), then fsyncs it, renames it to `path` and fsyncs the
/// folder. A file that fails throws FileError naming `path`; then, as when `write` throws anything else, what stood
/// there before is left, and no temporary file. Keeps the old file's permissions; a symbolic link stays, its target is
/// replaced. A path that is a device or a pipe (/dev/full, /dev/stdout) is handed to `write` directly.
void replace_file(const std::string& path, const std::function<void(const std::string& temporary)>& write);
/// Replaces `path` by `bytes`, as above.
void write_file(const std::string& path, std::string_view bytes);
/// Adds `bytes` at the end of a file, which is made if it does not exist, and closes it. Throws FileError; a regular
/// file then is as it was before, unless the message ends with "a part was written".
void append_to_file(const std::string& path, std::string_view bytes);
/// Waits until what was written to the file, or the names in a folder, are on the disk. Throws FileError.
void sync_file(const std::string& path);
/// Removes the temporary files that were left in a folder by a process that was killed while it replaced a file. Files
/// that are being written stay. Returns how many were removed.
int64_t remove_abandoned_files(const std::string& folder);
/// What an error number of the system (errno) means, in English whatever the locale: "No such file or directory".
std::string system_message(int code);
/// The whole file; of a pipe, what comes until its end. Throws FileError, also for more than `most` bytes and for a
/// pipe that nobody has written to for a second.
std::string read_file(const std::string& path, int64_t most = std::numeric_limits<int64_t>::max());

}  // namespace heed
