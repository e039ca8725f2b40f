// Capacity: see capacity.h.
#include "run/capacity.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <numeric>

#include "data/task.h"
#include "run/capacity_run.h"
#include "run/capacity_time.h"
#include "run/model_spec.h"
#include "run/network.h"
#include "run/progress.h"
#include "run/side_by_side.h"
#include "run/step_time.h"
#include "text/number.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

/// What a search takes, as measured with hidden sizes from 16 to 64 (copy, 26 symbols): training ends near 40,000 steps
/// whatever the size; attention needs few steps per length, but goes through all of them.
constexpr double kSteps = 40'000;
constexpr double kStepsAttending = 8'000;
constexpr int64_t kTypicalLength = 10;
constexpr double kProbeSeconds = 1;

double expected_seconds(const Capacity& search, const CapacityOptions& options, const std::string& folder) {
  const bool attending = attends(search.options.model);
  const int64_t length = attending ? options.longest / 2 : kTypicalLength;
  const int64_t step = find_task(search.options.data.task)->length_step;
  RunOptions typical = search.options;
  typical.data.train_length = stage_lengths(std::max(step, std::min(length, options.longest) / step * step));
  return (attending ? kStepsAttending : kSteps) *
         seconds_per_step(typical, trial_folder(folder, search.name) + "-probe", kProbeSeconds);
}

std::vector<Capacity*> small_first(std::vector<Capacity>& searches) {
  std::vector<Capacity*> order;
  for (Capacity& search : searches) {
    order.push_back(&search);
  }
  std::stable_sort(order.begin(), order.end(), [](const Capacity* a, const Capacity* b) {
    return a->options.model.hidden < b->options.model.hidden;
  });
  return order;
}

std::string label_of(const Capacity& search, size_t index, size_t count) {
  return '[' + std::to_string(index + 1) + '/' + std::to_string(count) + "] " + search.model + ' ' +
         std::to_string(search.options.model.hidden) + " seed " + std::to_string(search.options.training.seed);
}

/// Says what the time is enough for.
void announce(const std::vector<Capacity*>& searches, const CapacityTime& time, double minutes, size_t at_once) {
  std::string text = std::to_string(searches.size()) + " searches, " + std::to_string(at_once) + " at a time, about " +
                     clock(time.expected()) + " together";
  if (minutes > 0) {
    const std::vector<bool> affordable = time.affordable();
    std::vector<std::string> cut;
    for (size_t i = 0; i < searches.size(); ++i) {
      const std::string name = searches[i]->model + ' ' + std::to_string(searches[i]->options.model.hidden);
      if (!affordable[i] && std::find(cut.begin(), cut.end(), name) == cut.end()) {
        cut.push_back(name);
      }
    }
    text += "; in " + clock(60 * minutes) + ' ' +
            (cut.empty() ? "all can be finished" : "these will probably be cut off: " + joined(cut, ", "));
  }
  std::cerr << text << std::endl;
}

std::string last_line(const Capacity& search, const std::string& label) {
  const std::string bound = search.found.converged ? " " : " at least ";
  return label + "  remembers" + bound + std::to_string(search.found.longest_99) + ", half of the time" + bound +
         std::to_string(search.found.longest_50) + "  (" + clock(search.seconds()) + ')';
}

std::string name_of(const RunOptions& options) {
  return options.data.task + '-' + model_name(options.model) + "-h" + std::to_string(options.model.hidden) + "-seed" +
         std::to_string(options.training.seed);
}

}  // namespace

int64_t Capacity::examples() const {
  return std::accumulate(stages.begin(), stages.end(), int64_t{0},
                         [](int64_t sum, const CapacityStage& stage) { return sum + stage.examples; });
}

double Capacity::seconds() const {
  return std::accumulate(stages.begin(), stages.end(), 0.0,
                         [](double sum, const CapacityStage& stage) { return sum + stage.seconds; });
}

double Capacity::bits() const {
  return static_cast<double>(found.longest_99) * std::log2(static_cast<double>(options.data.symbols));
}

double Capacity::bits_per_unit() const {
  const int64_t units = state_size(options.model);
  return units == 0 ? 0 : bits() / static_cast<double>(units);
}

double Capacity::bits_per_parameter() const { return bits() / static_cast<double>(parameters); }

std::vector<std::string> capacity_tasks() {
  std::vector<std::string> names;
  for (const char* name : {"copy", "reverse", "reduplicate", "duplicate", "bigram-flip", "odds-first"}) {
    if (find_task(name) != nullptr) {
      names.emplace_back(name);
    }
  }
  return names;
}

std::vector<Capacity> planned_searches(const CapacityOptions& options) {
  const std::vector<std::string> tasks = capacity_tasks();
  require(std::find(tasks.begin(), tasks.end(), options.base.data.task) != tasks.end(), "--task",
          "one of " + joined(tasks, ", ") + ", whose answers hold the whole source", options.base.data.task);
  std::vector<Capacity> searches;
  for (const std::string& spec : options.models) {
    for (const int64_t hidden : options.hidden) {
      for (const uint64_t seed : options.seeds) {
        Capacity search;
        search.options = options.base;
        search.options.model = parse_model(spec, search.options.model, "--models");
        search.options.model.hidden = hidden;
        search.options.training.seed = seed;
        search.options.data.train_length = {1, options.longest};
        validate(search.options);
        search.model = model_name(search.options.model);
        search.name = name_of(search.options);
        searches.push_back(std::move(search));
      }
    }
  }
  return searches;
}

std::vector<Capacity> measure_capacities(const CapacityOptions& options, const std::string& folder,
                                         const TrialsOptions& trials) {
  std::vector<Capacity> searches = planned_searches(options);
  const std::vector<Capacity*> order = small_first(searches);
  const size_t at_once = made_at_once(order.size(), trials.jobs);
  std::vector<double> expected(order.size());
  make_side_by_side(order.size(), trials.jobs, [&](size_t i) {
    expected[i] = is_finished(*order[i], options, folder) ? 0 : expected_seconds(*order[i], options, folder);
  });
  CapacityTime time(expected, at_once, trials.minutes);
  Progress progress(trials.quiet);
  if (!trials.quiet) {
    announce(order, time, trials.minutes, at_once);
  }
  make_side_by_side(order.size(), trials.jobs, [&](size_t i) {
    Capacity& search = *order[i];
    const std::string label = label_of(search, i, order.size());
    const auto show = [&](int64_t length, int64_t steps, double exact) {
      ProgressState state;
      state.label = label;
      state.doing = "length " + std::to_string(length) + ", step " + grouped(steps);
      state.exact = exact;
      state.seconds_left = time.left();
      progress.show(state, false);
    };
    time.begin(i);
    search = run_search(
        search, options, folder, [&] { return time.is_over(i); }, show);
    time.end(i);
    progress.finish(label, last_line(search, label));
  });
  return searches;
}

}  // namespace remember
