// The folder a run writes to, and whether it can.
#pragma once

#include <initializer_list>
#include <string>

namespace remember {

/// Makes the folder, and those above it, unless it is there. A folder with something in it is refused unless `force`;
/// then the files that an earlier run or comparison wrote there are removed, and nothing else.
/// Throws heed::FileError.
void prepare_output_folder(const std::string& folder, bool force);
/// The same for the runs and the results of a comparison; with `resume` what is in it stays. Also throws when the
/// results could not be written at the end.
void prepare_comparison_folder(const std::string& folder, bool resume, bool force);
/// Makes a folder unless it is there. Throws heed::FileError.
void make_folder(const std::string& folder);

/// Throws heed::FileError if the file could not be written, so that it need not be found out after hours of training.
/// Leaves nothing behind, and what is there as it is.
void require_writable(const std::string& path);
/// The same for files of a folder.
void require_writable(const std::string& folder, std::initializer_list<const char*> files);

/// A path as a word of a shell command: quoted if it has to be.
std::string shell_word(const std::string& path);

}  // namespace remember
