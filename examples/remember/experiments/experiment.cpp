// Experiments by name: see experiment.h.
#include "experiments/experiment.h"

#include <array>
#include <string_view>

#include "run/comparison.h"
#include "run/model_spec.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

struct Named {
  std::string_view name;
  Experiment (*make)(const ExperimentOptions& options);
};

constexpr std::array kExperiments = {Named{"wang", wang},     Named{"grefenstette", grefenstette},
                                     Named{"uva", uva},       Named{"chomsky", chomsky},
                                     Named{"recall", recall}, Named{"g2p", g2p}};

}  // namespace

std::vector<std::string> experiment_names() {
  std::vector<std::string> names;
  for (const Named& experiment : kExperiments) {
    names.emplace_back(experiment.name);
  }
  return names;
}

Experiment make_experiment(const std::string& name, const ExperimentOptions& options) {
  const bool has_files = !options.data.empty() || !options.valid.empty();
  require(name == "g2p" || !has_files, "--data", "left out except for g2p", "given with " + name);
  for (const Named& experiment : kExperiments) {
    if (experiment.name == name) {
      Experiment made = experiment.make(options);
      made.name = name;
      return made;
    }
  }
  throw UsageError("name: must be one of " + joined(experiment_names(), ", ") + ", cost, got '" + name + "'");
}

void add_trials(Experiment& experiment, const std::vector<uint64_t>& seeds, const std::string& spec, RunOptions run,
                const std::vector<LengthRange>& test_lengths, int64_t test_count) {
  run.model = parse_model(spec, run.model, "model");
  validate(run);
  for (const uint64_t seed : seeds) {
    run.training.seed = seed;
    experiment.trials.push_back({.name = run_name(run),
                                 .label = model_label(run.model),
                                 .options = run,
                                 .test_lengths = test_lengths,
                                 .test_count = test_count});
  }
}

}  // namespace remember
