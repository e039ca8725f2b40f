// Metrics: a run's measurements, one JSON object per line, in the order of the steps.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

namespace remember {

class Metrics {
 public:
  /// Starts a new file or, after step `resume_step`, keeps the lines up to that step and appends. An empty path: no
  /// file is written. Throws heed::FileError, also for a line that is not JSON, unless it is an incomplete last line.
  explicit Metrics(std::string path, int64_t resume_step = 0);
  /// Appends a line and flushes. Throws heed::FileError if it cannot be written.
  void add(const nlohmann::ordered_json& line);
  /// "seconds" of the last line kept; 0 if there is none.
  double seconds() const { return seconds_; }

 private:
  std::string kept_lines(int64_t last_step);

  std::string path_;
  std::ofstream file_;
  double seconds_ = 0;
};

}  // namespace remember
