// Keeps checkpoints by links, which take no space of their own: see kept_checkpoint.h.
#include "run/kept_checkpoint.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "run/saved_run.h"

namespace remember {

namespace {

namespace fs = std::filesystem;
constexpr std::string_view kStart = "step-", kEnd = ".npz";

std::string file_name(int64_t step) { return std::string(kStart).append(std::to_string(step)).append(kEnd); }

}  // namespace

int64_t kept_step(std::string_view name) {
  if (!name.starts_with(kStart) || !name.ends_with(kEnd) || name.size() <= kStart.size() + kEnd.size()) {
    return -1;
  }
  const std::string_view digits = name.substr(kStart.size(), name.size() - kStart.size() - kEnd.size());
  int64_t step = -1;
  const std::errc fault = std::from_chars(digits.data(), digits.data() + digits.size(), step).ec;
  return fault == std::errc() && step >= 0 && file_name(step) == name ? step : -1;
}

std::vector<int64_t> kept_steps(const std::string& folder) {
  std::vector<int64_t> steps;
  std::error_code none;
  for (fs::directory_iterator entry(folder, none), end; !none && entry != end; entry.increment(none)) {
    if (const int64_t step = kept_step(entry->path().filename().string()); step >= 0) {
      steps.push_back(step);
    }
  }
  std::sort(steps.begin(), steps.end());
  return steps;
}

void keep_last_checkpoint(const std::string& folder, int64_t step) {
  const std::string last = folder + '/' + kLastCheckpoint;
  const std::string kept = folder + '/' + file_name(step);
  const std::vector<int64_t> steps = kept_steps(folder);
  std::error_code fault;
  if (!fs::exists(last, fault) || std::binary_search(steps.begin(), steps.end(), step)) {
    return;
  }
  fs::create_hard_link(last, kept, fault);
  if (fault) {  // a file system without links
    heed::write_file(kept, heed::read_file(last));
  }
}

void remove_kept_checkpoints(const std::string& folder, int64_t step, int64_t count) {
  const std::vector<int64_t> steps = kept_steps(folder);
  const auto first_after = std::lower_bound(steps.begin(), steps.end(), step);
  const auto kept = first_after - std::min<std::ptrdiff_t>(count, first_after - steps.begin());
  std::error_code ignored;  // one that stays does no harm
  for (auto entry = steps.begin(); entry != steps.end(); ++entry) {
    if (entry < kept || entry >= first_after) {
      fs::remove(folder + '/' + file_name(*entry), ignored);
    }
  }
}

}  // namespace remember
