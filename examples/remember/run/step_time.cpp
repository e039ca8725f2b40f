// Measures steps: see step_time.h.
#include "run/step_time.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>

#include "run/data_source.h"
#include "run/output_folder.h"
#include "run/trainer.h"

namespace remember {

namespace {

/// The first ones, which allocate, are not timed.
constexpr int64_t kNotTimed = 2;
constexpr int64_t kTimed = 10;

}  // namespace

double seconds_per_step(RunOptions options, const std::string& folder, double most_seconds) {
  options.training.until = "steps";
  options.training.steps = 2 * (kNotTimed + kTimed);  // never reached, so that nothing is validated
  options.training.valid_every = options.training.checkpoint_every = options.training.steps;
  make_folder(folder);
  const std::unique_ptr<Dataset> dataset = open_dataset(options);
  Progress silent(true);
  Trainer probe(options, *dataset, folder, silent);
  probe.run(kNotTimed);
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  probe.run(kNotTimed + kTimed, most_seconds);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::filesystem::remove_all(folder);
  return seconds / static_cast<double>(std::max<int64_t>(1, probe.step() - kNotTimed));
}

}  // namespace remember
