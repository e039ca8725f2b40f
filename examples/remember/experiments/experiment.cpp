// Experiments by name: see experiment.h.
#include "experiments/experiment.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

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

constexpr std::array kExperiments = {Named{"wang", wang},       Named{"grefenstette", grefenstette},
                                     Named{"uva", uva},         Named{"chomsky", chomsky},
                                     Named{"jelassi", jelassi}, Named{"mqar", mqar},
                                     Named{"parity", parity},   Named{"recall", recall},
                                     Named{"g2p", g2p}};

/// "hidden 64, fresh" as part of a folder's name: "-hidden-64-fresh".
std::string in_folder_name(std::string setting) {
  std::erase(setting, ',');
  std::replace(setting.begin(), setting.end(), ' ', '-');
  return setting.empty() ? "" : '-' + setting;
}

}  // namespace

std::vector<std::string> experiment_names() {
  std::vector<std::string> names;
  for (const Named& experiment : kExperiments) {
    names.emplace_back(experiment.name);
  }
  return names;
}

Experiment make_experiment(const std::string& name, const ExperimentOptions& options) {
  for (const auto& [option, file] :
       {std::pair("--data", &options.data), std::pair("--valid", &options.valid), std::pair("--test", &options.test)}) {
    require(name == "g2p" || file->empty(), option, "left out except for g2p", "given with " + name);
  }
  for (const Named& experiment : kExperiments) {
    if (experiment.name == name) {
      Experiment made = experiment.make(options);
      made.name = name;
      return made;
    }
  }
  throw UsageError("name: must be one of " + joined(experiment_names(), ", ") + ", cost, got '" + name + "'");
}

Measure measure_of(const Experiment& experiment, const std::string& task) {
  const auto other = experiment.other_measures.find(task);
  return other == experiment.other_measures.end() ? experiment.measure : other->second;
}

void add_trials(Experiment& experiment, const std::vector<uint64_t>& seeds, const std::string& spec, RunOptions run,
                const std::vector<LengthRange>& test_lengths, int64_t test_count, const std::string& setting) {
  run.model = parse_model(spec, run.model, "model");
  validate(run);
  for (const uint64_t seed : seeds) {
    run.training.seed = seed;
    const std::string seed_part = "-seed" + std::to_string(seed);
    const std::string model_part = run_name(run).substr(0, run_name(run).size() - seed_part.size());
    experiment.trials.push_back({.name = model_part + in_folder_name(setting) + seed_part,
                                 .label = model_label(run.model) + (setting.empty() ? "" : ", " + setting),
                                 .options = run,
                                 .test_lengths = test_lengths,
                                 .test_count = test_count});
  }
}

}  // namespace remember
