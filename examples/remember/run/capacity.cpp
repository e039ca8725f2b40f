// Capacity: see capacity.h.
#include "run/capacity.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <numeric>
#include <utility>

#include "data/task.h"
#include "run/capacity_run.h"
#include "run/model_spec.h"
#include "run/network.h"
#include "run/progress.h"
#include "run/shared_time.h"
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
/// A search that goes on has at least this share of its steps before it, however many it made.
constexpr double kLeastLeft = 0.1;

/// Seconds per step of a search at a typical length.
double measured_step(const CapacitySearch& search, const CapacityOptions& options) {
  const bool attending = attends(search.options.model);
  const int64_t length = attending ? options.longest / 2 : kTypicalLength;
  const int64_t step = find_task(search.options.data.task)->length_step;
  RunOptions typical = search.options;
  typical.data.train_length = stage_lengths(std::max(step, std::min(length, options.longest) / step * step));
  return seconds_per_step(typical, kProbeSeconds);
}

/// Seconds that each search is expected to take; 0 for those at their end. What a step takes is measured once for each
/// model and size, if anybody wants to know.
std::vector<double> expected_seconds(const std::vector<CapacitySearch*>& searches, const CapacityOptions& options,
                                     const std::string& folder, const TrialsOptions& trials) {
  const auto kind = [](const CapacitySearch& search) { return std::pair(search.model, search.options.model.hidden); };
  std::vector<SearchProgress> progress;
  std::map<std::pair<std::string, int64_t>, double> step_seconds;
  std::vector<const CapacitySearch*> kinds;
  for (const CapacitySearch* search : searches) {
    progress.push_back(progress_of(*search, options, folder));
    if (!progress.back().at_end && step_seconds.emplace(kind(*search), 1.0).second) {
      kinds.push_back(search);
    }
  }
  make_side_by_side(trials.quiet ? 0 : kinds.size(), trials.jobs,
                    [&](size_t i) { step_seconds.at(kind(*kinds[i])) = measured_step(*kinds[i], options); });
  std::vector<double> expected;
  for (size_t i = 0; i < searches.size(); ++i) {
    const double usual = attends(searches[i]->options.model) ? kStepsAttending : kSteps;
    const double steps = std::max(usual - static_cast<double>(progress[i].steps), kLeastLeft * usual);
    expected.push_back(progress[i].at_end ? 0 : steps * step_seconds.at(kind(*searches[i])));
  }
  return expected;
}

std::vector<CapacitySearch*> small_first(std::vector<CapacitySearch>& searches) {
  std::vector<CapacitySearch*> order;
  for (CapacitySearch& search : searches) {
    order.push_back(&search);
  }
  std::stable_sort(order.begin(), order.end(), [](const CapacitySearch* a, const CapacitySearch* b) {
    return a->options.model.hidden < b->options.model.hidden;
  });
  return order;
}

std::string label_of(const CapacitySearch& search, size_t index, size_t count) {
  return '[' + std::to_string(index + 1) + '/' + std::to_string(count) + "] " + search.model + ' ' +
         std::to_string(search.options.model.hidden) + " seed " + std::to_string(search.options.training.seed);
}

/// Says what the time is enough for.
void announce(const std::vector<CapacitySearch*>& searches, const std::vector<double>& expected, const SharedTime& time,
              double minutes, size_t at_once) {
  const auto to_make = std::count_if(expected.begin(), expected.end(), [](double seconds) { return seconds > 0; });
  std::string text = std::to_string(to_make) + (to_make == 1 ? " search, " : " searches, ") + std::to_string(at_once) +
                     " at a time, about " + clock(time.expected()) + " together";
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

std::string last_line(const CapacitySearch& search, const std::string& label) {
  const auto length = [](int64_t longest, bool known) {
    return (known ? " " : " at least ") + std::to_string(longest);
  };
  const CapacityFound& found = search.found;
  return label + "  remembers" + length(found.longest_99, found.known_99) + ", half of the time" +
         length(found.longest_50, found.known_50) + "  (" + clock(search.seconds()) + ')';
}

std::string name_of(const RunOptions& options) {
  return options.data.task + '-' + model_name(options.model) + "-h" + std::to_string(options.model.hidden) + "-seed" +
         std::to_string(options.training.seed);
}

}  // namespace

int64_t CapacitySearch::examples() const {
  return std::accumulate(stages.begin(), stages.end(), int64_t{0},
                         [](int64_t sum, const CapacityStage& stage) { return sum + stage.examples; });
}

double CapacitySearch::seconds() const {
  return std::accumulate(stages.begin(), stages.end(), 0.0,
                         [](double sum, const CapacityStage& stage) { return sum + stage.seconds; });
}

double CapacitySearch::bits() const {
  return static_cast<double>(found.longest_99) * std::log2(static_cast<double>(options.data.symbols));
}

double CapacitySearch::bits_per_unit() const {
  const int64_t units = state_size(options.model);
  return units == 0 ? 0 : bits() / static_cast<double>(units);
}

double CapacitySearch::bits_per_parameter() const { return bits() / static_cast<double>(parameters); }

std::vector<std::string> capacity_tasks() {
  std::vector<std::string> names;
  for (const Task& task : tasks()) {
    if (task.holds_source) {
      names.emplace_back(task.name);
    }
  }
  return names;
}

std::vector<CapacitySearch> planned_searches(const CapacityOptions& options) {
  const std::vector<std::string> tasks = capacity_tasks();
  require(std::find(tasks.begin(), tasks.end(), options.base.data.task) != tasks.end(), "--task",
          "one of " + joined(tasks, ", ") + ", whose answers hold the whole source", options.base.data.task);
  std::vector<CapacitySearch> searches;
  for (const ModelOptions& model : parse_models(options.models, options.base.model, "--models")) {
    for (const int64_t hidden : options.hidden) {
      for (const uint64_t seed : options.seeds) {
        CapacitySearch search;
        search.options = options.base;
        search.options.model = model;
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

std::vector<CapacitySearch> measure_capacities(const CapacityOptions& options, const std::string& folder,
                                               const TrialsOptions& trials) {
  std::vector<CapacitySearch> searches = planned_searches(options);
  const std::vector<CapacitySearch*> order = small_first(searches);
  const SharedTime::Clock::time_point start = SharedTime::Clock::now();
  const std::vector<double> expected = expected_seconds(order, options, folder, trials);
  std::vector<size_t> at_end, to_make;
  for (size_t i = 0; i < order.size(); ++i) {
    (expected[i] > 0 ? to_make : at_end).push_back(i);
  }
  const size_t at_once = made_at_once(to_make.size(), trials.jobs);
  SharedTime time(expected, at_once, trials.minutes, start);
  Progress progress(trials.quiet);
  if (!trials.quiet && !to_make.empty()) {
    announce(order, expected, time, trials.minutes, at_once);
  }
  const auto make = [&](size_t i) {
    CapacitySearch& search = *order[i];
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
        search, options, folder, [&] { return time.seconds_left(i); }, show);
    time.end(i);
    progress.finish(label, last_line(search, label));
  };
  make_side_by_side(at_end.size(), trials.jobs, [&](size_t number) { make(at_end[number]); });
  make_side_by_side(to_make.size(), trials.jobs, [&](size_t number) { make(to_make[number]); });
  return searches;
}

}  // namespace remember
