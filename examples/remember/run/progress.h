// Progress: the lines on the standard error while models train.
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
  std::string label;  ///< of the run, or empty
  int64_t step = 0;   ///< steps done
  int64_t steps = 0;  ///< in total
  double loss = 0;
  std::optional<double> exact;  ///< rate of exact outputs in the last validation
  double tokens_per_second = 0;
  double seconds_left = 0;
  bool at_most = false;    ///< training may end before `steps`
  std::string doing = {};  ///< unless empty, shown instead of step, loss and speed: "length 12, step 800"
};

/// "  42 %  step 840/2000  loss 0.0123  exact 98.2 %  38,100 tokens/s  0:12 left", cut to `width` columns. If
/// it may end before: "step 840  loss 0.0123  exact 98.2 %  38,100 tokens/s  at most 0:12 left".
std::string progress_line(const ProgressState& state, int64_t width, bool colour);

/// Writes the number of threads to the standard error.
void say_threads();

/// May be used by several threads at once, each with a run of its own label.
class Progress {
 public:
  /// terminal: one line per run, rewritten; plain: a line now and then; quiet: nothing.
  enum class Style { quiet, plain, terminal };

  /// Writes the number of threads. Terminal style if stderr is a terminal, with colours unless NO_COLOR is set and not
  /// empty, or TERM is dumb.
  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Call it after each step. `notable` (a validation, the last step) is always shown.
  void show(const ProgressState& state, bool notable);
  /// Ends a run's line; `last_line`, unless empty, stays on the screen.
  void finish(const std::string& label, const std::string& last_line);

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
  std::vector<Run> runs_;  // those with a line
  size_t lines_drawn_ = 0;
  std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace remember
