// Experiment: a published experiment to reproduce, and its published figures.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "run/trial.h"

namespace remember {

/// The measure in the columns of an experiment's table.
enum class Measure { exact, token, prefix, loss, wrong };

/// A row of published figures for one task: pairs of column (a length, as to_string() writes it) and figure.
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
  std::map<std::string, Measure> other_measures = {};  ///< of tasks that have another
  std::vector<Trial> trials;
  std::vector<Published> published;
  std::vector<std::string> differences;  ///< from the published setting
  std::vector<std::string> notes = {};   ///< below the table
};

/// The measure of one of its tasks.
Measure measure_of(const Experiment& experiment, const std::string& task);

struct ExperimentOptions {
  std::vector<uint64_t> seeds = {1, 2, 3};
  std::string data;  ///< g2p: file of pairs
  std::string valid;
  std::string test;
};

/// "wang", "grefenstette", …: the experiments that train.
std::vector<std::string> experiment_names();
/// Throws UsageError for an unknown name, and for files that are missing or not used.
Experiment make_experiment(const std::string& name, const ExperimentOptions& options);

/// Adds one trial per seed: `run` with the model named by `spec` (model_spec.h), labelled with model_label() and, to
/// tell it from others of that model, a `setting` of words and commas.
void add_trials(Experiment& experiment, const std::vector<uint64_t>& seeds, const std::string& spec, RunOptions run,
                const std::vector<LengthRange>& test_lengths, int64_t test_count, const std::string& setting = "");

Experiment wang(const ExperimentOptions& options);
Experiment grefenstette(const ExperimentOptions& options);
Experiment uva(const ExperimentOptions& options);
Experiment chomsky(const ExperimentOptions& options);
Experiment jelassi(const ExperimentOptions& options);
Experiment mqar(const ExperimentOptions& options);
Experiment parity(const ExperimentOptions& options);
Experiment recall(const ExperimentOptions& options);
Experiment g2p(const ExperimentOptions& options);

}  // namespace remember
