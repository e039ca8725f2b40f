// Experiment: a published setting made again, and the figures that were published for it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "run/trial.h"

namespace remember {

/// What the columns of an experiment's table hold.
enum class Measure { exact, token, prefix, loss, wrong };

/// A row of published figures for one task: column (as to_string(LengthRange) writes it) and figure.
struct Published {
  std::string task;
  std::string label;
  std::vector<std::pair<std::string, std::string>> figures;
};

struct Experiment {
  std::string name;
  std::string title;
  std::string paper;
  Measure measure = Measure::exact;
  std::vector<Trial> trials;
  std::vector<Published> published;
  std::vector<std::string> differences;  ///< from the published setting
  std::vector<std::string> notes = {};   ///< what else helps to read the table
};

struct ExperimentOptions {
  std::vector<uint64_t> seeds = {1};
  double minutes = 0;  ///< for all trials together; 0: as long as they take
  std::string data;    ///< g2p: the files of pairs
  std::string valid;
};

/// "wang, grefenstette, …": those that train.
std::vector<std::string> experiment_names();
/// Throws UsageError for a name that there is not, and for files that are missing or too many.
Experiment make_experiment(const std::string& name, const ExperimentOptions& options);

Experiment wang(const ExperimentOptions& options);
Experiment grefenstette(const ExperimentOptions& options);
Experiment uva(const ExperimentOptions& options);
Experiment chomsky(const ExperimentOptions& options);
Experiment recall(const ExperimentOptions& options);
Experiment g2p(const ExperimentOptions& options);

}  // namespace remember
