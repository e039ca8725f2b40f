// Results as JSON: see run_result.h.
#include "run/run_result.h"

#include <algorithm>

#include "data/task.h"
#include "data/task_data.h"
#include "run/options_json.h"
#include "text/number.h"

namespace remember {

using Json = nlohmann::ordered_json;

namespace {

/// A rate of `count` things; null where there are none, since 0 would be a measurement.
Json measured(double rate, int64_t count) { return count > 0 ? Json(rate) : Json(); }

}  // namespace

void to_json(Json& json, const Score& score) {
  json = {{"exact", measured(score.exact_rate(), score.problems)},
          {"token", measured(score.token_rate(), score.positions)},
          {"prefix", measured(score.prefix_rate(), score.problems)},
          {"edits_per_token", measured(score.edit_rate(), score.answer_tokens)},
          {"problems", score.problems},
          {"exact_outputs", score.exact},
          {"positions", score.positions},
          {"right_positions", score.right_positions},
          {"prefix_sum", score.prefix},
          {"answer_tokens", score.answer_tokens},
          {"edits", score.edits}};
}

void from_json(const Json& json, Score& score) {
  json.at("problems").get_to(score.problems);
  json.at("exact_outputs").get_to(score.exact);
  json.at("positions").get_to(score.positions);
  json.at("right_positions").get_to(score.right_positions);
  json.at("prefix_sum").get_to(score.prefix);
  json.at("answer_tokens").get_to(score.answer_tokens);
  json.at("edits").get_to(score.edits);
}

namespace {

Json alignment_json(const Alignment& alignment) {
  return {{"steps", alignment.steps},
          {"mass", measured(alignment.mass_rate(), alignment.steps)},
          {"largest", measured(alignment.hit_rate(), alignment.steps)},
          {"entropy", measured(alignment.mean_entropy(), alignment.steps)},
          {"mass_sum", alignment.mass},
          {"hits", alignment.hits},
          {"entropy_sum", alignment.entropy}};
}

Json score_json(const LengthScore& entry) {
  Json line = entry.score;
  line["length"] = to_string(entry.length);
  line["loss"] = measured(entry.loss, entry.score.problems);
  line["alignment"] = alignment_json(entry.alignment);
  line["by_length"] = Json::object();
  for (const auto& [length, score] : entry.by_length) {
    line["by_length"][std::to_string(length)] = score;
  }
  line["by_position"] = Json::array();
  for (const PositionScore& position : entry.by_position) {
    line["by_position"].push_back({position.right, position.answers});
  }
  return line;
}

LengthScore read_score(const Json& line) {
  LengthScore entry;
  entry.length = parse_length_range(line.at("length").get<std::string>(), "length");
  entry.score = line.get<Score>();
  if (entry.score.problems > 0) {
    line.at("loss").get_to(entry.loss);
  }
  const Json& alignment = line.at("alignment");
  alignment.at("steps").get_to(entry.alignment.steps);
  alignment.at("mass_sum").get_to(entry.alignment.mass);
  alignment.at("hits").get_to(entry.alignment.hits);
  alignment.at("entropy_sum").get_to(entry.alignment.entropy);
  for (const auto& [length, score] : line.at("by_length").items()) {
    entry.by_length[parse_length_range(length, "length").min] = score.get<Score>();
  }
  for (const Json& position : line.at("by_position")) {
    entry.by_position.push_back({position.at(0).get<int64_t>(), position.at(1).get<int64_t>()});
  }
  return entry;
}

Json reached_json(const std::vector<Reached>& reached) {
  Json lines = Json::array();
  for (const Reached& entry : reached) {
    lines.push_back({{"exact", entry.exact},
                     {"length", entry.length},
                     {"examples", entry.examples},
                     {"seconds", entry.seconds},
                     {"multiply_adds", static_cast<int64_t>(entry.multiply_adds)}});
  }
  return lines;
}

/// How training ended. Results of before it was written have a fixed number of steps.
void read_ending(const Json& json, RunResult& result) {
  if (!json.contains("converged")) {
    result.steps = result.options.training.steps;
    result.examples = result.steps * result.options.training.batch;
    return;
  }
  json.at("converged").get_to(result.converged);
  json.at("steps").get_to(result.steps);
  json.at("examples").get_to(result.examples);
  json.at("multiply_adds").get_to(result.multiply_adds);
  result.reached.clear();
  for (const Json& line : json.at("reached")) {
    result.reached.push_back({line.at("exact").get<double>(), line.at("length").get<int64_t>(),
                              line.at("examples").get<int64_t>(), line.at("seconds").get<double>(),
                              line.at("multiply_adds").get<double>()});
  }
}

/// ", trained up to length 7" where --grow-lengths had not come to the longest length in the fewest steps.
std::string longest_trained(const RunOptions& options, int64_t steps) {
  const DataOptions& data = options.data;
  if (data.task == "pairs") {
    return "";
  }
  const Task& task = *find_task(data.task);
  const LengthRange trained = lengths_at(task, data.train_length, data.grow_lengths, std::max<int64_t>(steps, 1) - 1);
  const int64_t longest = trained.max / task.length_step;
  return longest == data.train_length.max / task.length_step
             ? ""
             : ", trained up to length " + std::to_string(longest * task.length_step);
}

std::string counted_steps(int64_t steps) { return grouped(steps) + (steps == 1 ? " step" : " steps"); }

}  // namespace

bool cut_off(const RunResult& result) {
  const TrainingOptions& training = result.options.training;
  return !result.converged && (until_plateau(training) || result.steps < training.steps);
}

std::string ending(const std::vector<const RunResult*>& runs) {
  const RunResult& first = *runs.front();
  std::vector<int64_t> steps;  // of the runs that were cut off
  int64_t fewest = first.steps;
  for (const RunResult* run : runs) {
    fewest = std::min(fewest, run->steps);
    if (cut_off(*run)) {
      steps.push_back(run->steps);
    }
  }
  const std::string longest = longest_trained(first.options, fewest);
  if (steps.empty()) {
    return (first.converged ? "converged" : counted_steps(first.steps)) + longest;
  }
  const auto [least, most] = std::minmax_element(steps.begin(), steps.end());
  const int64_t asked = until_plateau(first.options.training) ? 0 : first.options.training.steps;
  return (steps.size() < runs.size() ? std::to_string(steps.size()) + " of " + std::to_string(runs.size()) + ' ' : "") +
         "cut off at " + (*least < *most ? grouped(*least) + '-' : "") +
         (asked > 0 ? grouped(*most) + " of " + counted_steps(asked) : counted_steps(*most)) + longest;
}

const Reached* reached_at(const RunResult& result, double exact) {
  const DataOptions& data = result.options.data;
  const Reached* found = nullptr;
  if (exact <= chance(data.task, data.symbols)) {
    return found;  // guessing comes that far
  }
  for (const Reached& entry : result.reached) {
    if (entry.exact == exact && (entry.length > 0 || result.options.data.task == "pairs")) {
      found = &entry;
    }
  }
  return found;
}

void to_json(Json& json, const RunResult& result) {
  Json scores = Json::array();
  for (const LengthScore& entry : result.scores) {
    scores.push_back(score_json(entry));
  }
  json = {{"task", result.options.data.task},
          {"model", result.model},
          {"seed", result.options.training.seed},
          {"name", result.name},
          {"parameters", result.parameters},
          {"converged", result.converged},
          {"steps", result.steps},
          {"examples", result.examples},
          {"multiply_adds", result.multiply_adds},
          {"reached", reached_json(result.reached)},
          {"best_step", result.best_step},
          {"seconds", result.cost.seconds},
          {"cpu_seconds", result.cost.cpu_seconds},
          {"tokens_per_second", result.cost.tokens_per_second},
          {"peak_bytes", result.cost.peak_bytes},
          {"test_count", result.test_count},
          {"beam", result.beam},
          {"scores", std::move(scores)},
          {"options", result.options}};
}

void from_json(const Json& json, RunResult& result) {
  json.at("options").get_to(result.options);
  json.at("model").get_to(result.model);
  json.at("name").get_to(result.name);
  json.at("parameters").get_to(result.parameters);
  read_ending(json, result);
  json.at("best_step").get_to(result.best_step);
  json.at("seconds").get_to(result.cost.seconds);
  json.at("cpu_seconds").get_to(result.cost.cpu_seconds);
  json.at("tokens_per_second").get_to(result.cost.tokens_per_second);
  json.at("peak_bytes").get_to(result.cost.peak_bytes);
  json.at("test_count").get_to(result.test_count);
  json.at("beam").get_to(result.beam);
  result.scores.clear();
  for (const Json& line : json.at("scores")) {
    result.scores.push_back(read_score(line));
  }
}

}  // namespace remember
