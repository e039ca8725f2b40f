// The options of a command, kept in its output folder, so that --resume needs no other options.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace remember {

/// A configuration file (config_file.h) in the folder.
inline constexpr const char* kOptionsFile = "options.ini";

/// Whether an option is kept: all but --out, --resume, --force, --stop-at and --quiet, which belong to one call.
bool is_kept(const CLI::Option& option);

/// Writes the options of the command that are kept, with defaults. Throws heed::FileError.
void keep_options(const CLI::App& command, const std::string& folder);

/// Whether the options that are kept in the folder are of that command. Throws heed::FileError, UsageError for a file
/// that is no configuration.
bool is_folder_of(const std::string& command, const std::string& folder);

/// Sets the options of the command from those kept in the folder, if there are any. Options given now must have the
/// same value, except `changeable` ones. Throws UsageError, which names all that differ, and for a folder of another
/// command.
void restore_options(CLI::App& command, const std::string& folder, const std::vector<std::string>& changeable);

}  // namespace remember
