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
constexpr double kHalf = 0.5;
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

/// The best converged model with attention, or without; null if there is none.
const ModelResult* best(const std::vector<ModelResult>& models, bool attending, size_t length) {
  const ModelResult* found = nullptr;
  for (const ModelResult& model : models) {
    if (attends(model.runs.front()->options.model) == attending && converged(model) &&
        (found == nullptr || exact_spread(model, length).mean > exact_spread(*found, length).mean)) {
      found = &model;
    }
  }
  return found;
}

/// A model without attention that did not converge, but is already better than `vector` or half as good as `attending`;
/// null if there is none.
const ModelResult* undecided(const std::vector<ModelResult>& models, const ModelResult& attending,
                             const ModelResult& vector, size_t length) {
  const double enough = std::min(exact_spread(vector, length).mean, exact_spread(attending, length).mean / 2);
  const auto found = std::find_if(models.begin(), models.end(), [&](const ModelResult& model) {
    return !attends(model.runs.front()->options.model) && !converged(model) &&
           exact_spread(model, length).mean > enough;
  });
  return found == models.end() ? nullptr : &*found;
}

std::string rate_text(const ModelResult& model, size_t length) { return percent_spread(exact_rates(model, length)); }

/// "at least half of the strings of up to 10 exactly, but not of 20".
std::string half_written(const ModelResult& model) {
  std::vector<std::pair<int64_t, double>> rates;
  for (size_t i = 0; i < model.runs.front()->scores.size(); ++i) {
    rates.emplace_back(model.runs.front()->scores[i].length.max, exact_spread(model, i).mean);
  }
  std::sort(rates.begin(), rates.end());
  const auto below = std::find_if(rates.begin(), rates.end(), [](const auto& rate) { return rate.second < kHalf; });
  if (below == rates.begin()) {
    return "less than half of the strings of " + std::to_string(below->first) + " exactly";
  }
  return "at least half of the strings of up to " + std::to_string(std::prev(below)->first) + " exactly" +
         (below == rates.end() ? "" : ", but not of " + std::to_string(below->first));
}

/// "lstm+additive after 48,000 to 64,000 examples", "lstm never in 1,280,000".
std::string soonest_text(const ModelResult& model) {
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

std::string not_compared(const std::vector<ModelResult>& models) {
  std::vector<std::string> names;
  for (const ModelResult& model : models) {
    if (!converged(model)) {
      names.push_back(model.model + " (" + ending(model) + ')');
    }
  }
  return names.empty() ? "" : "\nNot compared, since they may still improve: " + joined(names, ", ") + '.';
}

}  // namespace

Verdict verdict(const std::vector<RunResult>& results) {
  const std::vector<ModelResult> models = group_by_model(results);
  const std::optional<size_t> longest = results.empty() ? std::nullopt : longest_within_training(results.front());
  const size_t place = longest.value_or(0);
  const ModelResult* attending = longest ? best(models, true, place) : nullptr;
  const ModelResult* vector = longest ? best(models, false, place) : nullptr;
  const std::string others = not_compared(models);
  if (attending == nullptr || vector == nullptr) {
    return {false,
            "nothing to compare: needs a model with attention and one without, both trained to their plateau, and a "
            "test length within the training lengths." +
                others};
  }
  const Spread with = exact_spread(*attending, place);
  const Spread without = exact_spread(*vector, place);
  const std::string length = std::to_string(results.front().scores[place].length.max);
  if (const ModelResult* model = undecided(models, *attending, *vector, place)) {
    return {false, "not decided: " + model->model + ", which did not converge, already writes " +
                       rate_text(*model, place) + " of the strings of " + length + " exactly; " + vector->model +
                       " at its plateau " + rate_text(*vector, place) + ", " + attending->model + ' ' +
                       rate_text(*attending, place) + '.' + others};
  }
  if (!differ(with, without)) {
    return {false, "no difference at length " + length + " beyond the range over seeds: " + attending->model + ' ' +
                       rate_text(*attending, place) + ", " + vector->model + ' ' + rate_text(*vector, place) + '.' +
                       others};
  }
  const bool shown = with.mean >= kShows && without.mean < with.mean / 2;
  return {shown, "At their plateau, on unseen strings: the fixed-length vector of " + vector->model + " (" +
                     std::to_string(vector->runs.front()->options.model.hidden) + " units) writes " +
                     half_written(*vector) + ". Of those of " + length + ", the longest in training, it writes " +
                     rate_text(*vector, place) + ".\n" + "With attention, " + attending->model + " writes " +
                     rate_text(*attending, place) + " of them exactly.\n" + "How soon 90 % of them were exact: " +
                     soonest_text(*attending) + ", " + soonest_text(*vector) + '.' + others};
}

}  // namespace remember
