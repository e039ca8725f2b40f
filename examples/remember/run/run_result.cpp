// Results as JSON: see run_result.h.
#include "run/run_result.h"

#include "run/options_json.h"

namespace remember {

using Json = nlohmann::ordered_json;

void to_json(Json& json, const Score& score) {
  json = {{"exact", score.exact_rate()},   {"token", score.token_rate()},
          {"prefix", score.prefix_rate()}, {"edits_per_token", score.edit_rate()},
          {"problems", score.problems},    {"exact_outputs", score.exact},
          {"positions", score.positions},  {"right_positions", score.right_positions},
          {"prefix_sum", score.prefix},    {"answer_tokens", score.answer_tokens},
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

void to_json(Json& json, const RunResult& result) {
  Json scores = Json::array();
  for (const LengthScore& entry : result.scores) {
    Json line = entry.score;
    line["length"] = to_string(entry.length);
    scores.push_back(std::move(line));
  }
  json = {{"task", result.options.data.task}, {"model", result.model},         {"seed", result.options.training.seed},
          {"parameters", result.parameters},  {"best_step", result.best_step}, {"seconds", result.seconds},
          {"test_count", result.test_count},  {"scores", std::move(scores)},   {"options", result.options}};
}

void from_json(const Json& json, RunResult& result) {
  json.at("options").get_to(result.options);
  json.at("model").get_to(result.model);
  json.at("parameters").get_to(result.parameters);
  json.at("best_step").get_to(result.best_step);
  json.at("seconds").get_to(result.seconds);
  json.at("test_count").get_to(result.test_count);
  result.scores.clear();
  for (const Json& line : json.at("scores")) {
    const auto length = parse_length_range(line.at("length").get<std::string>(), "length");
    result.scores.push_back({length, line.get<Score>()});
  }
}

}  // namespace remember
