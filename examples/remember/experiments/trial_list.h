// TrialList: writes down the trials of an experiment.
#pragma once

#include <string>
#include <vector>

#include "run/trial.h"

namespace remember {

class TrialList {
 public:
  /// Adds a trial per seed: `run` with the model `spec` names (model_spec.h). Its label is the model's name, with what
  /// else tells it apart.
  void add(const std::vector<uint64_t>& seeds, const std::string& spec, RunOptions run,
           const std::vector<LengthRange>& test_lengths, int64_t test_count);
  /// All, each with an equal share of the minutes.
  std::vector<Trial> with_minutes(double minutes) const;

 private:
  std::vector<Trial> trials_;
};

}  // namespace remember
