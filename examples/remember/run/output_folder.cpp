// Output folders: see output_folder.h.
#include "run/output_folder.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include <heed/tensor/error.h>

namespace remember {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 7> kFiles = {"last.npz",    "best.npz",     "metrics.jsonl", "result.json",
                                                    "results.csv", "results.json", "report.html"};

bool is_ours(const fs::path& path) {
  const std::string name = path.filename().string();
  const bool picture = path.extension() == ".png" || path.extension() == ".svg";
  return std::find(kFiles.begin(), kFiles.end(), name) != kFiles.end() ||
         (picture && (name.starts_with("accuracy-") || name.starts_with("attention-") || name.starts_with("memory-")));
}

/// Removes our files (links stay) from a folder, and from those in its `runs` and its `figures`.
void remove_ours(const fs::path& folder, std::error_code& error) {
  std::vector<fs::path> folders = {folder, folder / "figures"};
  if (fs::is_directory(folder / "runs")) {
    for (const fs::directory_entry& run : fs::directory_iterator(folder / "runs", error)) {
      folders.push_back(run.path());
    }
  }
  for (const fs::path& place : folders) {
    if (!fs::is_directory(place)) {
      continue;
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(place, error)) {
      if (!error && is_ours(entry.path()) && !entry.is_symlink()) {
        fs::remove(entry.path(), error);
      }
    }
  }
}

}  // namespace

void make_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && !fs::is_directory(folder, error) && !error) {
    error = std::make_error_code(std::errc::not_a_directory);
  }
  heed::check<heed::FileError>(!error, folder, "must be a folder that can be made, got: ", error.message());
}

void prepare_output_folder(const std::string& folder, bool force) {
  make_folder(folder);
  std::error_code error;
  const bool empty = fs::is_empty(folder, error);
  heed::check<heed::FileError>(!error, folder, "must be a folder that can be read, got: ", error.message());
  heed::check<heed::FileError>(empty || force, folder,
                               "must be empty or new, got a folder with files in it (--resume goes on with the run in "
                               "it, --force writes over it)");
  if (empty) {
    return;
  }
  remove_ours(folder, error);
  heed::check<heed::FileError>(!error, folder, "must hold files that can be removed, got: ", error.message());
}

std::string shell_word(const std::string& path) {
  constexpr const char* kHarmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+:=,@%";
  if (!path.empty() && path.find_first_not_of(kHarmless) == std::string::npos) {
    return path;
  }
  std::string quoted = "'";
  for (const char character : path) {
    quoted += character == '\'' ? std::string("'\\''") : std::string(1, character);
  }
  return quoted + '\'';
}

}  // namespace remember
