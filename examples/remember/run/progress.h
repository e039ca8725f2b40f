// Progress: what a person watching sees on the standard error stream while a model trains.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace remember {

struct ProgressState {
  std::string label;  ///< which run this is, or empty
  int64_t step = 0;   ///< done
  int64_t steps = 0;  ///< in all
  double loss = 0;
  std::optional<double> exact;  ///< rate of exact outputs in the last validation
  double tokens_per_second = 0;
  double seconds_left = 0;
};

/// "  42 %  step 840/2000  loss 0.0123  exact 98.2 %  38,100 tokens/s  0:12 left", cut to `width` columns.
std::string progress_line(const ProgressState& state, int64_t width, bool colour);

/// Says on the standard error how many threads are used.
void say_threads();

/// May be used by several threads at once, each showing a run with a label of its own.
class Progress {
 public:
  /// terminal: a line for each run, rewritten; plain: a line now and then; quiet: nothing.
  enum class Style { quiet, plain, terminal };

  /// Says how many threads are used. Terminal style when stderr is one; colours there unless NO_COLOR is set and not
  /// empty, or TERM is dumb.
  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Call it after each step. `notable` (a validation, the last step) is always shown.
  void show(const ProgressState& state, bool notable);
  /// Ends a run's line; `last_words`, unless empty, stay on the screen.
  void finish(const std::string& label, const std::string& last_words);

 private:
  struct Run {
    ProgressState state;
    std::chrono::steady_clock::time_point shown;
  };
  void erase();
  void draw();

  Style style_;
  bool colour_;
  std::mutex mutex_;
  std::vector<Run> runs_;  // that have a line
  size_t lines_drawn_ = 0;
  std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace remember
