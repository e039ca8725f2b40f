// What a command was given, kept in the folder that it fills, so that --resume needs nothing else.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace remember {

/// A configuration file (config_file.h) in the folder.
inline constexpr const char* kOptionsFile = "options.ini";

/// Whether an option is part of what is made, or --threads: all are but those that say where to (--out, --resume,
/// --force), how far (--stop-at) and how much is said (--quiet).
bool is_kept(const CLI::Option& option);

/// Writes the command's options that are kept, given or not. Throws heed::FileError.
void keep_options(const CLI::App& command, const std::string& folder);

/// Gives the command the options that are kept in the folder, if any are. One that is given now must be as it was, but
/// for those that are `changeable`. Throws UsageError that names each that differs, and for a folder of another
/// command.
void restore_options(CLI::App& command, const std::string& folder, const std::vector<std::string>& changeable);

}  // namespace remember
