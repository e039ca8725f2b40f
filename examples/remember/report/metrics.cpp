// Metrics: see metrics.h.
#include "report/metrics.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

namespace remember {

namespace {

void check_written(const std::ofstream& file, const std::string& path) {
  heed::check<heed::FileError>(file.good(), path, "must be writable, got: ", std::strerror(errno));
}

}  // namespace

Metrics::Metrics(std::string path, int64_t resume_step) : path_(std::move(path)) {
  if (resume_step > 0 && std::filesystem::exists(path_)) {
    heed::write_file(path_, kept_lines(resume_step));
  }
  errno = 0;
  file_.open(path_, resume_step > 0 ? std::ios::app : std::ios::trunc);
  check_written(file_, path_);
}

/// A line that is broken (the machine stopped while it was written) ends what is kept.
std::string Metrics::kept_lines(int64_t last_step) {
  std::ifstream file(path_);
  std::string kept;
  std::string line;
  while (std::getline(file, line)) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || json.value("step", last_step + 1) > last_step) {
      break;
    }
    seconds_ = json.value("seconds", seconds_);
    kept += line + '\n';
  }
  return kept;
}

void Metrics::add(const nlohmann::ordered_json& line) {
  errno = 0;
  file_ << line.dump() << '\n' << std::flush;
  check_written(file_, path_);
}

}  // namespace remember
