// Lists of trials: see trial_list.h.
#include "experiments/trial_list.h"

#include "run/comparison.h"
#include "run/model_spec.h"

namespace remember {

void TrialList::add(const std::vector<uint64_t>& seeds, const std::string& spec, RunOptions run,
                    const std::vector<LengthRange>& test_lengths, int64_t test_count) {
  run.model = parse_model(spec, run.model, "model");
  validate(run);
  for (const uint64_t seed : seeds) {
    run.training.seed = seed;
    Trial trial;
    trial.name = run_name(run);
    trial.label = model_label(run.model);
    trial.options = run;
    trial.test_lengths = test_lengths;
    trial.test_count = test_count;
    trials_.push_back(trial);
  }
}

std::vector<Trial> TrialList::with_minutes(double minutes) const {
  std::vector<Trial> trials = trials_;
  for (Trial& trial : trials) {
    trial.minutes = minutes / static_cast<double>(trials.size());
  }
  return trials;
}

}  // namespace remember
