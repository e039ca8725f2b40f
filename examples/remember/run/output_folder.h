// The folder a run writes to.
#pragma once

#include <string>

namespace remember {

/// Makes the folder, and those above it, unless it is there. A folder with something in it is refused unless `force`;
/// then the files that an earlier run or comparison wrote there are removed, and nothing else.
/// Throws heed::FileError.
void prepare_output_folder(const std::string& folder, bool force);
/// Makes a folder unless it is there. Throws heed::FileError.
void make_folder(const std::string& folder);

/// A path as a word of a shell command: quoted if it has to be.
std::string shell_word(const std::string& path);

}  // namespace remember
