// The options of a training run: see run_option.h.
#include "run/run_option.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <type_traits>
#include <utility>

#include "data/pairs.h"
#include "data/task.h"
#include "run/network.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

/// Sizes beyond these are typing errors: such a model would not fit into a machine's memory.
constexpr int64_t kLargestSize = 65'536;
constexpr int64_t kMostLayers = 64;
constexpr int64_t kMostSteps = 1'000'000'000;
constexpr int64_t kMostKept = 10'000;

constexpr OptionUse kTransformers = {[](const RunOptions& run) { return is_transformer(run.model); },
                                     "without a transformer"};
constexpr OptionUse kRecurrent = {[](const RunOptions& run) { return !is_transformer(run.model); },
                                  "with a transformer, whose vectors all have the size --hidden"};
constexpr OptionUse kTasks = {[](const RunOptions& run) { return run.data.task != "pairs"; },
                              "with --task pairs, whose sequences come from --data"};
constexpr OptionUse kFixedSteps = {[](const RunOptions& run) { return !until_plateau(run.training); },
                                   "with --until plateau, which has a rule of its own"};
constexpr OptionUse kPlateau = {[](const RunOptions& run) { return until_plateau(run.training); },
                                "without --until plateau"};
constexpr OptionUse kPairs = {[](const RunOptions& run) { return run.data.task == "pairs"; }, "without --task pairs"};

template <class T>
struct Check {
  std::function<bool(const T&)> accepts;
  std::string requirement;
};

Check<int64_t> between(int64_t low, int64_t high) {
  return {[=](int64_t value) { return value >= low && value <= high; },
          "a whole number from " + std::to_string(low) + " to " + std::to_string(high)};
}

Check<double> positive() {
  return {[](double value) { return std::isfinite(value) && value > 0; }, "a finite number above 0"};
}

Check<double> probability() {
  return {[](double value) { return value >= 0 && value <= 1; }, "from 0 to 1"};
}

Check<double> probability_below_one() {
  return {[](double value) { return value >= 0 && value < 1; }, "at least 0 and below 1"};
}

/// `names` has commas between them.
Check<std::string> one_of(const std::string& names, const std::string& also = "") {
  std::vector<std::string> words = split_list(names);
  words.push_back(also);
  return {[words](const std::string& value) {
            return !value.empty() && std::find(words.begin(), words.end(), value) != words.end();
          },
          (also.empty() ? "" : also + " or ") + "one of " + names};
}

template <class Group>
constexpr auto kMemberOf = nullptr;
template <>
constexpr auto kMemberOf<DataOptions> = &RunOptions::data;
template <>
constexpr auto kMemberOf<ModelOptions> = &RunOptions::model;
template <>
constexpr auto kMemberOf<TrainingOptions> = &RunOptions::training;

/// The entry of an option whose value is `member`. An empty check accepts every value.
template <class Group, class T>
RunOption entry(T Group::*member, const std::string& name, const std::string& help,
                const Check<std::type_identity_t<T>>& check = {}, RunOption option = {}) {
  option.name = name;
  option.help = help;
  option.member = [member](RunOptions& options) { return &((options.*kMemberOf<Group>) .*member); };
  option.check = [member, check, name](const RunOptions& options) {
    const T& value = (options.*kMemberOf<Group>) .*member;
    require(!check.accepts || check.accepts(value), name, check.requirement, quoted(value));
  };
  if (option.key.empty()) {
    option.key = name.substr(2);
    std::replace(option.key.begin(), option.key.end(), '-', '_');
  }
  return option;
}

std::vector<RunOption> data_options() {
  using D = DataOptions;
  const Check<std::string> is_cut = one_of("auto, space, char");
  return {
      entry(&D::task, "--task", "What to learn: " + task_names() + ", or pairs (your own file)",
            one_of(task_names() + ", pairs"), {.value_name = "TASK", .in_compare = false}),
      entry(&D::symbols, "--symbols", "Number of different tokens", between(2, kLargestSize), {.use = kTasks}),
      entry(&D::train_length, "--train-length", "Lengths to train on, all equally likely: N or MIN:MAX", {},
            {.value_name = "RANGE", .use = kTasks, .in_capacity = false}),
      entry(&D::grow_lengths, "--grow-lengths",
            "Steps over which the longest length grows from the shortest; 0: all lengths from the first step",
            between(0, kMostSteps), {.use = kTasks, .in_capacity = false, .if_missing = int64_t{0}}),
      entry(&D::train_size, "--train-size", "Number of different training examples; 0: new ones in every step",
            between(0, kMostSteps), {.use = kTasks, .in_capacity = false, .if_missing = int64_t{0}}),
      entry(&D::data, "--data", "With --task pairs: a file with lines source TAB target, plain or gzip", {},
            {.value_name = "FILE", .on_resume = OnResume::place, .in_compare = false}),
      entry(&D::valid, "--valid",
            "Pairs for validation; their sources are left out of training. Without it 5 % of the sources of --data, at "
            "most 2,500, are held out",
            {}, {.value_name = "FILE", .on_resume = OnResume::place, .in_compare = false}),
      entry(&D::test, "--test",
            "Pairs that choose nothing: their sources are left out of training and validation, for `evaluate --data "
            "FILE`",
            {}, {.value_name = "FILE", .on_resume = OnResume::place, .in_compare = false, .if_missing = std::string()}),
      entry(&D::source_tokens, "--tokens",
            "What a token is: space (words between spaces), char, or auto: space for a side of the file that has any, "
            "else char",
            is_cut, {.value_name = "KIND", .use = kPairs, .in_compare = false, .key = "source_tokens"}),
      entry(&D::target_tokens, "--tokens", "", is_cut, {.use = kPairs, .in_compare = false, .key = "target_tokens"}),
  };
}

std::vector<RunOption> model_options() {
  using M = ModelOptions;
  return {
      entry(&M::cell, "--encoder", "Kind of encoder and decoder: " + encoder_names(), one_of(encoder_names()),
            {.value_name = "KIND", .in_compare = false, .key = "cell"}),
      entry(&M::bidirectional, "--bidirectional", "Read the source in both directions", {}, {.in_compare = false}),
      entry(&M::attention, "--attention",
            "Attention of the decoder: " + attention_names() + "; none: it has only the encoder's last state",
            one_of(attention_names(), "none"), {.value_name = "KIND", .in_compare = false}),
      entry(&M::positions, "--positions", "Positions of a transformer: " + position_names(), one_of(position_names()),
            {.value_name = "KIND", .use = kTransformers, .if_missing = std::string("sinusoidal")}),
      entry(&M::heads, "--heads", "Attention heads per layer of a transformer", between(1, kLargestSize),
            {.use = kTransformers, .if_missing = int64_t{1}}),
      entry(&M::hidden, "--hidden", "Size of the hidden state, per direction; of a transformer's vectors",
            between(1, kLargestSize), {.in_capacity = false}),
      entry(&M::embedding, "--embedding", "Size of the embeddings; 0: as --hidden", between(0, kLargestSize),
            {.use = kRecurrent}),
      entry(&M::layers, "--layers", "Layers of the encoder, and of the decoder", between(1, kMostLayers)),
      entry(&M::dropout, "--dropout", "Dropout probability", probability()),
      entry(&M::reverse_source, "--reverse-source", "Feed the source in reverse order"),
      entry(&M::source_marks, "--source-marks", "Feed the source as <s> x1 … xn </s>; on unless turned off", {},
            {.if_missing = false}),
  };
}

std::vector<RunOption> training_options() {
  using T = TrainingOptions;
  const T usual;
  return {
      entry(&T::until, "--until",
            "When training ends: steps (after --steps updates), or plateau: when validation has stopped improving, "
            "also at lower learning rates",
            one_of("steps, plateau"), {.value_name = "WHEN", .in_capacity = false, .if_missing = std::string("steps")}),
      entry(&T::steps, "--steps", "Number of parameter updates", between(1, kMostSteps),
            {.use = kFixedSteps, .on_resume = OnResume::length, .in_capacity = false}),
      entry(&T::patience, "--patience",
            "Validations without improvement, or a tenth of all so far if that is more, before the learning rate is "
            "lowered; after three times that ends training",
            between(1, kMostSteps), {.use = kPlateau, .if_missing = usual.patience}),
      entry(&T::max_steps, "--max-steps", "With --until plateau: the most parameter updates", between(1, kMostSteps),
            {.use = kPlateau, .on_resume = OnResume::length, .if_missing = usual.max_steps}),
      entry(&T::batch, "--batch", "Examples per step", between(1, kLargestSize)),
      entry(&T::learning_rate, "--lr", "Highest learning rate", positive(), {.key = "learning_rate"}),
      entry(&T::schedule, "--schedule", "Learning rate after the warm-up: constant, or cosine, which falls to 0",
            one_of("constant, cosine"), {.value_name = "KIND", .use = kFixedSteps, .in_capacity = false}),
      entry(&T::warmup, "--warmup", "Steps over which the learning rate rises from 0", between(0, kMostSteps)),
      entry(&T::clip, "--clip", "Largest norm of the gradient; a larger one is scaled down", positive()),
      entry(&T::teacher_forcing, "--teacher-forcing",
            "Probability that the decoder is fed the true previous token instead of its own, 0 to 1", probability()),
      entry(&T::label_smoothing, "--label-smoothing", "Probability that the target spreads over all tokens",
            probability_below_one()),
      entry(&T::seed, "--seed", "Seed of parameters, data and dropout", {}, {.in_compare = false}),
      entry(&T::valid_every, "--valid-every", "Steps between validations", between(1, kMostSteps)),
      entry(&T::checkpoint_every, "--checkpoint-every", "Steps between checkpoints", between(1, kMostSteps)),
      entry(&T::keep, "--keep", "Older checkpoints to keep beside last.npz and best.npz, as step-N.npz",
            between(0, kMostKept), {.on_resume = OnResume::free, .if_missing = int64_t{0}}),
      entry(&T::detect_anomaly, "--detect-anomaly",
            "Look at every value, and name the operation and the module that made the first that is not finite; slow",
            {}, {.on_resume = OnResume::free, .if_missing = false}),
  };
}

}  // namespace

const std::vector<RunOption>& run_options() {
  static const std::vector<RunOption> options = [] {
    std::vector<RunOption> all;
    for (auto& [group, entries] : {std::pair("data", data_options()), std::pair("model", model_options()),
                                   std::pair("training", training_options())}) {
      for (RunOption option : entries) {
        option.group = group;
        all.push_back(std::move(option));
      }
    }
    return all;
  }();
  return options;
}

OptionValue value_of(const RunOption& option, RunOptions options) {
  return std::visit([](const auto* member) { return OptionValue(*member); }, option.member(options));
}

void take_free_options(RunOptions& options, RunOptions from) {
  for (const RunOption& option : run_options()) {
    if (option.on_resume == OnResume::free) {
      const OptionMember source = option.member(from);
      const auto set = [&source](auto* member) { *member = *std::get<decltype(member)>(source); };
      std::visit(set, option.member(options));
    }
  }
}

std::string to_string(const OptionValue& value) {
  const auto text = [](const auto& content) -> std::string {
    using T = std::decay_t<decltype(content)>;
    if constexpr (std::is_same_v<T, bool>) {
      return content ? "true" : "false";
    } else if constexpr (std::is_same_v<T, std::string>) {
      return content;
    } else if constexpr (std::is_same_v<T, LengthRange>) {
      return to_string(content);
    } else {
      char digits[32];
      return {digits, std::to_chars(digits, digits + sizeof digits, content).ptr};
    }
  };
  return std::visit(text, value);
}

std::string quoted(const OptionValue& value) {
  return std::holds_alternative<std::string>(value) ? "'" + to_string(value) + "'" : to_string(value);
}

std::vector<std::string> names_of(const std::vector<OnResume>& kinds) {
  std::vector<std::string> names;
  for (const RunOption& option : run_options()) {
    if (std::find(kinds.begin(), kinds.end(), option.on_resume) != kinds.end()) {
      names.push_back(option.name);
    }
  }
  return names;
}

}  // namespace remember
