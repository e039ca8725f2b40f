// Metrics: a run's measurements, one JSON object per line, in the order of the steps.
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace remember {

class Metrics {
 public:
  /// Starts a new file or, after step `resume_step`, keeps the lines up to that step and appends. An empty path: no
  /// file is written. Throws heed::FileError, also for a line that is not JSON, unless it is an incomplete last line.
  explicit Metrics(std::string path, int64_t resume_step = 0);
  /// Appends a line. Throws heed::FileError if it cannot be written; the file then ends with the line before.
  void add(const nlohmann::ordered_json& line);
  /// Waits until all lines are on the disk, so that no checkpoint is there that knows of more. Throws heed::FileError.
  void sync();
  /// "seconds" of the last line kept; 0 if there is none.
  double seconds() const { return seconds_; }

 private:
  std::string kept_lines(int64_t last_step);

  std::string path_;
  bool is_synced_ = true;
  double seconds_ = 0;
};

}  // namespace remember
