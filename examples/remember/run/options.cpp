// Checks options: see options.h.
#include "run/options.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include <heed/nn/transformer/position_kind.h>

#include "data/pairs.h"
#include "data/task_data.h"
#include "joined.h"
#include "usage_error.h"

namespace remember {

namespace {

constexpr std::array<std::string_view, 4> kCells = {"rnn", "lstm", "gru", "transformer"};
constexpr std::array<std::string_view, 6> kAttentions = {"additive", "dot", "general", "concat", "scaled", "location"};
constexpr std::array<std::string_view, 2> kSchedules = {"constant", "cosine"};
/// Sizes beyond these are slips of the finger: a model of more would not fit a machine's memory.
constexpr int64_t kLargestSize = 65'536;
constexpr int64_t kMostLayers = 64;
constexpr int64_t kMostSteps = 1'000'000'000;

template <class Names>
void require_one_of(const std::string& value, const Names& names, const std::string& option) {
  require(std::find(names.begin(), names.end(), value) != names.end(), option, "one of " + joined(names, ", "),
          "'" + value + "'");
}

void require_between(int64_t value, int64_t low, int64_t high, const std::string& option) {
  require(value >= low && value <= high, option,
          "a whole number from " + std::to_string(low) + " to " + std::to_string(high), value);
}

void require_positive(double value, const std::string& option) {
  require(std::isfinite(value) && value > 0, option, "a finite number above 0", value);
}

void require_probability(double value, bool one_allowed, const std::string& option) {
  require(value >= 0 && (value < 1 || (one_allowed && value == 1)), option,
          one_allowed ? "from 0 to 1" : "at least 0 and below 1", value);
}

std::vector<std::string_view> positions() {
  std::vector<std::string_view> names;
  for (const heed::PositionKind kind : heed::position_kinds()) {
    names.emplace_back(heed::name_of(kind));
  }
  return names;
}

/// What a transformer cannot have, and what it needs.
void validate_transformer(const ModelOptions& options) {
  require_one_of(options.positions, positions(), "--positions");
  require_between(options.heads, 1, kLargestSize, "--heads");
  require(options.attention == "none", "--attention", "left out with a transformer, which has its own",
          "'" + options.attention + "'");
  require(!options.bidirectional, "--bidirectional", "left out with a transformer, which sees all of its source",
          "given");
  const int64_t unit = heed::size_unit(heed::parse_position_kind(options.positions), options.heads);
  require(options.hidden % unit == 0, "--hidden",
          "a multiple of " + std::to_string(unit) + " with a transformer of " + std::to_string(options.heads) +
              " heads and " + options.positions + " positions",
          options.hidden);
}

}  // namespace

std::string attention_names() { return joined(kAttentions, ", "); }

std::string position_names() { return joined(positions(), ", "); }

bool attends(const ModelOptions& options) { return options.cell == "transformer" || options.attention != "none"; }

bool reads_characters(const DataOptions& options) { return options.task == "pairs" && options.source_tokens == "char"; }

void require_attention(const ModelOptions& options, const std::string& option, const std::string& given) {
  const bool known = std::find(kAttentions.begin(), kAttentions.end(), options.attention) != kAttentions.end();
  require(known || options.attention == "none", option, "none or one of " + attention_names(), "'" + given + "'");
  const bool same_width = options.attention == "dot" || options.attention == "scaled";
  require(!same_width || !options.bidirectional, option,
          "additive, general, concat or location with a bidirectional encoder, whose states are twice as wide as the "
          "decoder's",
          "'" + given + "'");
}

void validate(const ModelOptions& options) {
  require_one_of(options.cell, kCells, "--encoder");
  require_attention(options, "--attention", options.attention);
  require_between(options.hidden, 1, kLargestSize, "--hidden");
  if (options.cell == "transformer") {
    validate_transformer(options);
  }
  require_between(options.embedding, 0, kLargestSize, "--embedding");
  require_between(options.layers, 1, kMostLayers, "--layers");
  require_probability(options.dropout, false, "--dropout");
}

void validate(const DataOptions& options) {
  if (options.task == "pairs") {
    require(!options.data.empty(), "--data", "given with --task pairs", "nothing");
    parse_cut(options.source_tokens, "--tokens");
    parse_cut(options.target_tokens, "--tokens");
    return;
  }
  require(find_task(options.task) != nullptr, "--task", "one of " + task_names() + ", pairs", "'" + options.task + "'");
  require(options.data.empty(), "--data", "given with --task pairs only", "--task " + options.task);
  require(options.valid.empty(), "--valid", "given with --task pairs only", "--task " + options.task);
  require_between(options.symbols, 2, kLargestSize, "--symbols");
  require_between(options.train_size, 0, kMostSteps, "--train-size");
  require_between(options.grow_lengths, 0, kMostSteps, "--grow-lengths");
  require(options.train_size == 0 || options.grow_lengths == 0, "--grow-lengths", "left out with --train-size",
          options.grow_lengths);
  lengths_in_steps(*find_task(options.task), options.train_length);
}

void validate(const TrainingOptions& options) {
  require_between(options.steps, 1, kMostSteps, "--steps");
  require_between(options.batch, 1, kLargestSize, "--batch");
  require_positive(options.learning_rate, "--lr");
  require_one_of(options.schedule, kSchedules, "--schedule");
  require_between(options.warmup, 0, kMostSteps, "--warmup");
  require_positive(options.clip, "--clip");
  require_probability(options.teacher_forcing, true, "--teacher-forcing");
  require_probability(options.label_smoothing, false, "--label-smoothing");
  require_between(options.valid_every, 1, kMostSteps, "--valid-every");
  require_between(options.checkpoint_every, 1, kMostSteps, "--checkpoint-every");
}

void validate(const RunOptions& options) {
  validate(options.model);
  validate(options.data);
  validate(options.training);
}

}  // namespace remember
