// Files that are written whole or not at all.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace heed {

/// Calls write(path of a temporary file in the same folder), then fsyncs it, renames it to `path` and fsyncs the
/// folder. A file that fails throws FileError naming `path`; then, as when `write` throws anything else, what stood
/// there before is left, and no temporary file. Keeps the old file's permissions; a symbolic link stays, its target is
/// replaced. A path that is a device or a pipe (/dev/full, /dev/stdout) is handed to `write` directly.
void replace_file(const std::string& path, const std::function<void(const std::string& temporary)>& write);
/// Replaces `path` by `bytes`, as above.
void write_file(const std::string& path, std::string_view bytes);
/// What an error number of the system (errno) means, in English whatever the locale: "No such file or directory".
std::string system_message(int code);
/// The whole file. Throws FileError.
std::string read_file(const std::string& path);

}  // namespace heed
