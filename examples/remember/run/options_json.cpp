// Options to JSON and back: see options_json.h.
#include "run/options_json.h"

#include <cstdint>
#include <string>
#include <vector>

#include <heed/tensor/utf8.h>

namespace remember {

namespace {

/// A file's name may be any bytes, and a JSON string is UTF-8: what is not stands beside it, a number per byte.
void put_path(nlohmann::ordered_json& json, const std::string& key, const std::string& path) {
  json[key] = heed::escape_invalid_utf8(path);
  if (heed::find_invalid_utf8(path) < path.size()) {
    json[key + "_bytes"] = std::vector<uint8_t>(path.begin(), path.end());
  }
}

void get_path(const nlohmann::ordered_json& json, const std::string& key, std::string& path) {
  json.at(key).get_to(path);
  if (json.contains(key + "_bytes")) {
    const auto bytes = json.at(key + "_bytes").get<std::vector<uint8_t>>();
    path.assign(bytes.begin(), bytes.end());
  }
}

}  // namespace

void to_json(nlohmann::ordered_json& json, const ModelOptions& options) {
  json = {{"cell", options.cell},
          {"bidirectional", options.bidirectional},
          {"attention", options.attention},
          {"positions", options.positions},
          {"heads", options.heads},
          {"hidden", options.hidden},
          {"embedding", options.embedding},
          {"layers", options.layers},
          {"dropout", options.dropout},
          {"reverse_source", options.reverse_source},
          {"source_marks", options.source_marks}};
}

void to_json(nlohmann::ordered_json& json, const DataOptions& options) {
  json = {{"task", options.task},
          {"symbols", options.symbols},
          {"train_length", to_string(options.train_length)},
          {"train_size", options.train_size},
          {"grow_lengths", options.grow_lengths}};
  put_path(json, "data", options.data);
  put_path(json, "valid", options.valid);
  json["source_tokens"] = options.source_tokens;
  json["target_tokens"] = options.target_tokens;
}

void to_json(nlohmann::ordered_json& json, const TrainingOptions& options) {
  json = {{"steps", options.steps},
          {"batch", options.batch},
          {"learning_rate", options.learning_rate},
          {"schedule", options.schedule},
          {"warmup", options.warmup},
          {"clip", options.clip},
          {"teacher_forcing", options.teacher_forcing},
          {"label_smoothing", options.label_smoothing},
          {"seed", options.seed},
          {"valid_every", options.valid_every},
          {"checkpoint_every", options.checkpoint_every}};
}

void to_json(nlohmann::ordered_json& json, const RunOptions& options) {
  json = {{"model", options.model}, {"data", options.data}, {"training", options.training}};
}

void from_json(const nlohmann::ordered_json& json, ModelOptions& options) {
  json.at("cell").get_to(options.cell);
  json.at("bidirectional").get_to(options.bidirectional);
  json.at("attention").get_to(options.attention);
  options.positions = json.value("positions", options.positions);
  options.heads = json.value("heads", options.heads);
  json.at("hidden").get_to(options.hidden);
  json.at("embedding").get_to(options.embedding);
  json.at("layers").get_to(options.layers);
  json.at("dropout").get_to(options.dropout);
  json.at("reverse_source").get_to(options.reverse_source);
  options.source_marks = json.value("source_marks", false);  // what there was before it had a name
  validate(options);
}

void from_json(const nlohmann::ordered_json& json, DataOptions& options) {
  json.at("task").get_to(options.task);
  json.at("symbols").get_to(options.symbols);
  options.train_length = parse_length_range(json.at("train_length").get<std::string>(), "train_length");
  options.train_size = json.value("train_size", int64_t{0});
  options.grow_lengths = json.value("grow_lengths", int64_t{0});
  get_path(json, "data", options.data);
  get_path(json, "valid", options.valid);
  json.at("source_tokens").get_to(options.source_tokens);
  json.at("target_tokens").get_to(options.target_tokens);
  validate(options);
}

void from_json(const nlohmann::ordered_json& json, TrainingOptions& options) {
  json.at("steps").get_to(options.steps);
  json.at("batch").get_to(options.batch);
  json.at("learning_rate").get_to(options.learning_rate);
  json.at("schedule").get_to(options.schedule);
  json.at("warmup").get_to(options.warmup);
  json.at("clip").get_to(options.clip);
  json.at("teacher_forcing").get_to(options.teacher_forcing);
  json.at("label_smoothing").get_to(options.label_smoothing);
  json.at("seed").get_to(options.seed);
  json.at("valid_every").get_to(options.valid_every);
  json.at("checkpoint_every").get_to(options.checkpoint_every);
  validate(options);
}

void from_json(const nlohmann::ordered_json& json, RunOptions& options) {
  json.at("model").get_to(options.model);
  json.at("data").get_to(options.data);
  json.at("training").get_to(options.training);
}

}  // namespace remember
