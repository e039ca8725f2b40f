// Metrics: a run's measurements, a JSON object a line, in the order of the steps.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

namespace remember {

class Metrics {
 public:
  /// Starts the file anew, or, to go on after step `resume_step`, keeps its lines up to that step and adds to them.
  /// Throws heed::FileError, also for a line that is broken, unless it is the last and has no end.
  explicit Metrics(std::string path, int64_t resume_step = 0);
  /// Adds a line, at once. Throws heed::FileError when it cannot be written.
  void add(const nlohmann::ordered_json& line);
  /// "seconds" of the last line kept; 0 when there is none.
  double seconds() const { return seconds_; }

 private:
  std::string kept_lines(int64_t last_step);

  std::string path_;
  std::ofstream file_;
  double seconds_ = 0;
};

}  // namespace remember
