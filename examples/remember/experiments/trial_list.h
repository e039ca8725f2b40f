// TrialList: builds the list of trials of an experiment.
#pragma once

#include <string>
#include <vector>

#include "run/trial.h"

namespace remember {

class TrialList {
 public:
  /// Adds one trial per seed: `run` with the model named by `spec` (model_spec.h), labelled with model_label().
  void add(const std::vector<uint64_t>& seeds, const std::string& spec, RunOptions run,
           const std::vector<LengthRange>& test_lengths, int64_t test_count);
  /// All trials, each with an equal share of the minutes.
  std::vector<Trial> with_minutes(double minutes) const;

 private:
  std::vector<Trial> trials_;
};

}  // namespace remember
