// The folder that a run writes to.
#pragma once

#include <initializer_list>
#include <string>

namespace remember {

/// Makes the folder and its parents if they do not exist. A folder that is not empty is refused unless `force`; then
/// remove_earlier_run(). Throws heed::FileError.
void prepare_output_folder(const std::string& folder, bool force);
/// Throws heed::FileError for a folder that is not empty, unless `force`. A lock (folder_lock.h) does not count.
void require_empty(const std::string& folder, bool force);
/// Removes the files that an earlier run or comparison wrote in the folder, and nothing else. Throws heed::FileError,
/// with nothing removed, while another process trains a run of that comparison.
void remove_earlier_run(const std::string& folder);
/// The same for a comparison; with `resume` the files stay. Also throws if the results could not be written.
void prepare_comparison_folder(const std::string& folder, bool resume, bool force);
/// Makes a folder if it does not exist. Throws heed::FileError.
void make_folder(const std::string& folder);

/// Throws heed::FileError if the file could not be written, before hours of training and not after. Changes nothing.
void require_writable(const std::string& path);
/// The same for files in a folder.
void require_writable(const std::string& folder, std::initializer_list<const char*> files);

/// Throws UsageError naming `option` if the file that is to be written is the one that is read.
void require_other_file(const std::string& option, const std::string& written, const std::string& read);

/// A path as a word of a shell command, quoted if needed.
std::string shell_word(const std::string& path);

}  // namespace remember
