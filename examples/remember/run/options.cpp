// Checks options: see options.h.
#include "run/options.h"

#include <vector>

#include <heed/nn/transformer/position_kind.h>

#include "data/task_data.h"
#include "run/run_option.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

void validate_transformer(const ModelOptions& options) {
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

void validate_data(const DataOptions& options) {
  if (options.task == "pairs") {
    require(!options.data.empty(), "--data", "given with --task pairs", "nothing");
    return;
  }
  require(options.data.empty(), "--data", "given with --task pairs only", "--task " + options.task);
  require(options.valid.empty(), "--valid", "given with --task pairs only", "--task " + options.task);
  require(options.train_size == 0 || options.grow_lengths == 0, "--grow-lengths", "left out with --train-size",
          options.grow_lengths);
  lengths_in_steps(*find_task(options.task), options.train_length);
}

}  // namespace

std::string cell_names() { return "rnn, lstm, gru"; }

std::string encoder_names() { return cell_names() + ", transformer"; }

std::string attention_names() { return "additive, dot, general, concat, scaled, location"; }

std::string position_names() {
  std::vector<std::string> names;
  for (const heed::PositionKind kind : heed::position_kinds()) {
    names.emplace_back(heed::name_of(kind));
  }
  return joined(names, ", ");
}

bool attends(const ModelOptions& options) { return options.cell == "transformer" || options.attention != "none"; }

bool reads_characters(const DataOptions& options) { return options.task == "pairs" && options.source_tokens == "char"; }

void require_fitting_attention(const ModelOptions& options, const std::string& option, const std::string& given) {
  const bool same_width = options.attention == "dot" || options.attention == "scaled";
  require(!same_width || !options.bidirectional, option,
          "additive, general, concat or location with a bidirectional encoder, whose states are twice as wide as the "
          "decoder's",
          "'" + given + "'");
}

void validate(const RunOptions& options) {
  for (const RunOption& option : run_options()) {
    if (has_effect(option, options)) {
      option.check(options);
    }
  }
  require_fitting_attention(options.model, "--attention", options.model.attention);
  if (options.model.cell == "transformer") {
    validate_transformer(options.model);
  }
  validate_data(options.data);
}

}  // namespace remember
