// The demo's verdict: see verdict.h.
#include "report/verdict.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "report/model_result.h"
#include "text/number.h"
#include "text/words.h"

namespace remember {

namespace {

constexpr double kShows = 0.99;
/// A length is remembered where so many strings of it are exact.
constexpr double kRemembers = 0.5;
/// How soon is told for so many.
constexpr double kLearned = 0.9;

/// The place among the test lengths of the longest one within the training lengths.
std::optional<size_t> longest_within_training(const RunResult& result) {
  std::optional<size_t> longest;
  for (size_t i = 0; i < result.scores.size(); ++i) {
    const int64_t length = result.scores[i].length.max;
    if (length <= result.options.data.train_length.max && (!longest || length > result.scores[*longest].length.max)) {
      longest = i;
    }
  }
  return longest;
}

bool all_converged(const ModelResult& model) {
  return std::all_of(model.runs.begin(), model.runs.end(), [](const RunResult* run) { return run->converged; });
}

/// The best converged model with attention, or without; null if there is none.
const ModelResult* best(const std::vector<ModelResult>& models, bool attending, size_t length) {
  const ModelResult* found = nullptr;
  for (const ModelResult& model : models) {
    if (attends(model.runs.front()->options.model) == attending && all_converged(model) &&
        (found == nullptr || exact_spread(model, length).mean > exact_spread(*found, length).mean)) {
      found = &model;
    }
  }
  return found;
}

/// "1.2 %", or over several seeds "1.2 % (0.6-2.0)".
std::string rate_text(const ModelResult& model, size_t length) {
  const Spread spread = exact_spread(model, length);
  const std::string range = " (" + fixed(100 * spread.least, 1) + '-' + fixed(100 * spread.most, 1) + ')';
  return percent(spread.mean) + (model.runs.size() > 1 ? range : "");
}

/// "10 symbols but not 15": the longest tested length up to which inputs are remembered, and the next one.
std::string remembered(const ModelResult& model) {
  std::vector<std::pair<int64_t, double>> rates;
  for (size_t i = 0; i < model.runs.front()->scores.size(); ++i) {
    rates.emplace_back(model.runs.front()->scores[i].length.max, exact_spread(model, i).mean);
  }
  std::sort(rates.begin(), rates.end());
  const auto forgotten =
      std::find_if(rates.begin(), rates.end(), [](const auto& rate) { return rate.second < kRemembers; });
  const std::string limit = forgotten == rates.end() ? "" : std::to_string(forgotten->first);
  if (forgotten == rates.begin()) {
    return "fewer than " + limit + " symbols";
  }
  return std::to_string(std::prev(forgotten)->first) + " symbols" + (limit.empty() ? "" : " but not " + limit);
}

/// "lstm+additive after 48,000 to 64,000 examples", "lstm never in 1,280,000".
std::string how_soon(const ModelResult& model) {
  std::vector<int64_t> examples;
  int64_t most = 0;
  for (const RunResult* run : model.runs) {
    most = std::max(most, run->examples);
    if (const Reached* reached = reached_at(*run, kLearned)) {
      examples.push_back(reached->examples);
    }
  }
  const std::string seeds =
      model.runs.size() > 1 && examples.size() < model.runs.size() && !examples.empty()
          ? " with " + std::to_string(examples.size()) + " of " + std::to_string(model.runs.size()) + " seeds"
          : "";
  if (examples.empty()) {
    return model.model + " never in " + grouped(most);
  }
  const auto [least, largest] = std::minmax_element(examples.begin(), examples.end());
  return model.model + " after " + grouped(*least) + (*least < *largest ? " to " + grouped(*largest) : "") +
         " examples" + seeds;
}

std::string cut_off(const std::vector<ModelResult>& models) {
  std::vector<std::string> names;
  for (const ModelResult& model : models) {
    const auto found =
        std::find_if(model.runs.begin(), model.runs.end(), [](const RunResult* r) { return !r->converged; });
    if (found != model.runs.end()) {
      names.push_back(model.model + " (" + ending(**found) + ')');
    }
  }
  return names.empty() ? "" : "\nNot compared, since they may still improve: " + joined(names, ", ") + '.';
}

}  // namespace

Verdict verdict(const std::vector<RunResult>& results) {
  const std::vector<ModelResult> models = group_by_model(results);
  const std::optional<size_t> place = results.empty() ? std::nullopt : longest_within_training(results.front());
  const ModelResult* attending = place ? best(models, true, *place) : nullptr;
  const ModelResult* vector = place ? best(models, false, *place) : nullptr;
  if (attending == nullptr || vector == nullptr) {
    return {false,
            "nothing to compare: needs a model with attention and one without, both trained to their plateau, and a "
            "test length within the training lengths." +
                cut_off(models)};
  }
  const Spread with = exact_spread(*attending, *place);
  const Spread without = exact_spread(*vector, *place);
  const std::string length = std::to_string(results.front().scores[*place].length.max);
  const double range = std::max(with.most - with.least, without.most - without.least);
  if (with.mean - without.mean <= range) {
    return {false, "no difference at length " + length + " beyond the range over seeds: " + attending->model + ' ' +
                       rate_text(*attending, *place) + ", " + vector->model + ' ' + rate_text(*vector, *place) + '.' +
                       cut_off(models)};
  }
  const bool shown = with.mean >= kShows && without.mean < with.mean / 2;
  return {shown, "At their plateau, on unseen strings: the fixed-length vector of " + vector->model + " (" +
                     std::to_string(vector->runs.front()->options.model.hidden) + " units) remembers " +
                     remembered(*vector) + " (at least half of the strings exact), and writes " +
                     rate_text(*vector, *place) + " of those of " + length + ", the longest in training, exactly.\n" +
                     "With attention, " + attending->model + " writes " + rate_text(*attending, *place) +
                     " of them exactly.\n" + "How soon 90 % of them were exact: " + how_soon(*attending) + ", " +
                     how_soon(*vector) + '.' + cut_off(models)};
}

}  // namespace remember
