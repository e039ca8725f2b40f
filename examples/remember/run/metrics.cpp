// Metrics: see metrics.h.
#include "run/metrics.h"

#include <filesystem>
#include <sstream>
#include <utility>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "run/json_text.h"

namespace remember {

namespace {

bool is_measurement(const nlohmann::json& json) {
  return json.is_object() && json.contains("step") && json["step"].is_number_integer() &&
         (!json.contains("seconds") || json["seconds"].is_number());
}

}  // namespace

Metrics::Metrics(std::string path, int64_t resume_step) : path_(std::move(path)) {
  if (path_.empty()) {
    return;
  }
  heed::write_file(path_, resume_step > 0 && std::filesystem::exists(path_) ? kept_lines(resume_step) : "");
}

/// Leaves out an incomplete last line, as when the machine stopped during the write.
std::string Metrics::kept_lines(int64_t last_step) {
  std::istringstream file(read_measurements(path_));
  std::string kept;
  std::string line;
  for (int64_t number = 1; std::getline(file, line); ++number) {
    const auto json = parse_measurement(line);
    if (!is_measurement(json)) {
      heed::check<heed::FileError>(file.eof(), path_ + ':' + std::to_string(number),
                                   "must be a JSON object with the number \"step\", got '", line.substr(0, 80), "'");
      break;
    }
    if (json.at("step").get<int64_t>() > last_step) {
      break;
    }
    seconds_ = json.value("seconds", seconds_);
    kept += line + '\n';
  }
  return kept;
}

void Metrics::add(const nlohmann::ordered_json& line) {
  if (path_.empty()) {
    return;
  }
  heed::append_to_file(path_, line.dump() + '\n');
  is_synced_ = false;
}

void Metrics::sync() {
  if (!is_synced_) {
    heed::sync_file(path_);
    is_synced_ = true;
  }
}

}  // namespace remember
