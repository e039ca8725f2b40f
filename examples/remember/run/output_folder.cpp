// Output folders: see output_folder.h.
#include "run/output_folder.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <list>
#include <string_view>
#include <system_error>
#include <vector>

#include <heed/tensor/detail/process.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/utf8.h>

#include "run/kept_checkpoint.h"
#include "run/saved_run.h"
#include "system/folder_lock.h"
#include "text/usage_error.h"

namespace remember {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 11> kFiles = {"search.json",  "capacity.csv",  "capacity.json", "last.npz",
                                                     "best.npz",     "metrics.jsonl", "result.json",   "results.csv",
                                                     "results.json", "report.html",   "options.ini"};

bool is_ours(const fs::path& path) {
  const std::string name = path.filename().string();
  const bool picture = path.extension() == ".png" || path.extension() == ".svg";
  return std::find(kFiles.begin(), kFiles.end(), name) != kFiles.end() || kept_step(name) >= 0 ||
         (picture && (name.starts_with("accuracy-") || name.starts_with("learning-") || name.starts_with("capacity-") ||
                      name.starts_with("attention-") || name.starts_with("memory-")));
}

[[noreturn]] void refuse(const std::string& doing, const fs::path& path, const std::error_code& error) {
  heed::fail<heed::FileError>(doing + ' ' + path.string(), heed::system_message(error.value()));
}

/// The contents of a folder.
std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    paths.push_back(entry->path());
  }
  if (error) {
    refuse("cannot read", folder, error);
  }
  return paths;
}

/// Removes files that remember wrote (not links) from a folder, if there is one: first the checkpoint that --resume
/// would go on with, so that it is there only as long as all the rest of the run.
void remove_ours(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return;
  }
  std::vector<fs::path> files = entries(folder);
  std::partition(files.begin(), files.end(), [](const fs::path& file) { return file.filename() == kLastCheckpoint; });
  for (const fs::path& file : files) {
    const bool is_file = fs::is_regular_file(fs::symlink_status(file, error));
    if (is_ours(file) && is_file && !fs::remove(file, error) && error) {
      refuse("cannot remove", file, error);
    }
  }
}

/// Makes a file in the folder and removes it. Throws heed::FileError that names `wanted`.
void try_folder(const fs::path& folder, const std::string& wanted) {
  const std::string probe = (folder / (".heed-" + std::to_string(heed::detail::process_id()) + "-probe.tmp")).string();
  errno = 0;
  const bool made = std::ofstream(probe).good();
  const std::error_code error(errno, std::generic_category());
  std::error_code ignored;
  fs::remove(probe, ignored);
  if (!made) {
    refuse("cannot write", wanted, error);
  }
}

}  // namespace

void make_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && !fs::is_directory(folder, error) && !error) {
    error = std::make_error_code(std::errc::not_a_directory);
  }
  if (error) {
    refuse("cannot make the folder", folder, error);
  }
}

void prepare_output_folder(const std::string& folder, bool force) {
  make_folder(folder);
  require_empty(folder, force);
  remove_earlier_run(folder);
}

void require_empty(const std::string& folder, bool force) {
  const std::vector<fs::path> found = entries(folder);
  const bool empty =
      std::all_of(found.begin(), found.end(), [](const fs::path& p) { return p.filename() == kLockFile; });
  heed::check<heed::FileError>(empty || force, folder,
                               "must be empty or new, got a folder with files in it (--resume goes on with the run in "
                               "it, --force overwrites it)");
}

void remove_earlier_run(const std::string& folder) {
  std::error_code error;
  const fs::path parent = fs::path(folder) / "runs";
  std::vector<fs::path> runs = fs::is_directory(parent, error) ? entries(parent) : std::vector<fs::path>();
  std::erase_if(runs, [&error](const fs::path& run) { return !fs::is_directory(run, error); });
  std::list<FolderLock> nobody_trains;
  for (const fs::path& run : runs) {
    nobody_trains.emplace_back(run.string());
  }
  for (const fs::path& run : runs) {
    remove_ours(run);
  }
  remove_ours(fs::path(folder) / "figures");
  remove_ours(folder);
}

void prepare_comparison_folder(const std::string& folder, bool resume, bool force) {
  if (resume) {
    make_folder(folder);
  } else {
    prepare_output_folder(folder, force);
  }
  require_writable(folder, {"results.csv", "results.json", "report.html", "options.ini"});
  make_folder(folder + "/figures");
  try_folder(folder + "/figures", folder + "/figures");
}

void require_writable(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) {
    refuse("cannot write", path, std::make_error_code(std::errc::is_a_directory));
  }
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return;  // a pipe or a device: a test write would disturb it
  }
  if (fs::exists(status)) {
    errno = 0;
    if (!std::ofstream(path, std::ios::app)) {
      refuse("cannot write", path, {errno, std::generic_category()});
    }
  }
  const fs::path folder = fs::path(path).parent_path();
  try_folder(folder.empty() ? "." : folder, path);
}

void require_writable(const std::string& folder, std::initializer_list<const char*> files) {
  for (const char* file : files) {
    require_writable(folder + '/' + file);
  }
}

void require_other_file(const std::string& option, const std::string& written, const std::string& read) {
  std::error_code none;
  require(!fs::equivalent(written, read, none), option, "another file than the one that is read", written);
}

namespace {

/// As bash, zsh and others read it: $'a\xFF'.
std::string in_escapes(const std::string& path) {
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string quoted = "$'";
  for (const char character : path) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x20 || byte >= 0x7F) {
      quoted += "\\x";
      quoted += kDigits[byte / 16];
      quoted += kDigits[byte % 16];
      continue;
    }
    if (character == '\'' || character == '\\') {
      quoted += '\\';
    }
    quoted += character;
  }
  return quoted + '\'';
}

}  // namespace

std::string shell_word(const std::string& path) {
  constexpr const char* kHarmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+:=,@%";
  if (!path.empty() && path.find_first_not_of(kHarmless) == std::string::npos) {
    return path;
  }
  if (heed::printable(path, path.size()) != path) {
    return in_escapes(path);
  }
  std::string quoted = "'";
  for (const char character : path) {
    quoted += character == '\'' ? std::string("'\\''") : std::string(1, character);
  }
  return quoted + '\'';
}

}  // namespace remember
