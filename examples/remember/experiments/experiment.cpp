// Experiments by name: see experiment.h.
#include "experiments/experiment.h"

#include <array>
#include <string_view>

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
      return experiment.make(options);
    }
  }
  throw UsageError("name: must be one of " + joined(experiment_names(), ", ") + ", cost, got '" + name + "'");
}

}  // namespace remember
