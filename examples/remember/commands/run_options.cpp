// The options that train and compare share: see run_options.h.
#include "commands/run_options.h"

#include <cstdint>
#include <filesystem>
#include <iostream>

#include <heed/tensor/parallel.h>

#include "commands/switch_option.h"
#include "joined.h"
#include "usage_error.h"
#include "words.h"

namespace remember {

void add_model_sizes(CLI::App& app, ModelOptions& options) {
  app.add_option("--positions", options.positions, "How a transformer knows where a token stands: " + position_names())
      ->type_name("KIND")
      ->capture_default_str()
      ->group("Model");
  add_number(app, "--heads", options.heads, "Attentions side by side in each layer of a transformer")->group("Model");
  add_number(app, "--hidden", options.hidden, "Size of the state, of each direction; of a transformer's vectors")
      ->group("Model");
  add_number(app, "--embedding", options.embedding, "Size of the embeddings; 0: as --hidden")->group("Model");
  add_number(app, "--layers", options.layers, "Layers of encoder and decoder")->group("Model");
  add_number(app, "--dropout", options.dropout, "Share of values dropped in training")->group("Model");
  add_switch(app, "--reverse-source", options.reverse_source, "Feed the source backwards")->group("Model");
  add_switch(app, "--source-marks,!--no-source-marks", options.source_marks,
             "Whether to feed the source as <s> x1 … xn </s>, as is done unless turned off")
      ->group("Model");
}

void add_task_options(CLI::App& app, DataOptions& options, RunOptionTexts& texts) {
  add_number(app, "--symbols", options.symbols, "How many different tokens there are")->group("Data");
  app.add_option("--train-length", texts.train_length, "Lengths to train on, each as likely: N or MIN:MAX")
      ->type_name("RANGE")
      ->capture_default_str()
      ->group("Data");
  add_number(app, "--grow-lengths", options.grow_lengths,
             "Steps over which the longest length grows from the shortest; 0: all lengths from the first step")
      ->group("Data");
  add_number(app, "--train-size", options.train_size, "How many different examples to train on; 0: new ones each step")
      ->group("Data");
}

void add_pairs_options(CLI::App& app, DataOptions& options, RunOptionTexts& texts) {
  add_file(app, "--data", options.data, "With --task pairs: a file of lines source TAB target, plain or gzip")
      ->group("Data");
  add_file(app, "--valid", options.valid,
           "Pairs to measure on, their sources left out of training; otherwise 5 % of the sources of --data, at most "
           "2,500, are kept for that")
      ->group("Data");
  app.add_option(
         "--tokens", texts.tokens,
         "What a token is: space (words between spaces), char, or auto: by space, on either side of the tab, if "
         "that side has any")
      ->type_name("KIND")
      ->capture_default_str()
      ->group("Data");
}

void add_training_options(CLI::App& app, TrainingOptions& options) {
  const auto add = [&app](const std::string& name, auto& value, const std::string& what) {
    add_number(app, name, value, what)->group("Training");
  };
  add("--steps", options.steps, "Updates of the parameters");
  add("--batch", options.batch, "Examples per step");
  add("--lr", options.learning_rate, "Highest learning rate");
  app.add_option("--schedule", options.schedule, "The rate after the warm-up: constant, or cosine, which falls to 0")
      ->type_name("KIND")
      ->capture_default_str()
      ->group("Training");
  add("--warmup", options.warmup, "Steps over which the rate rises from 0");
  add("--clip", options.clip, "Largest norm of the gradient");
  add("--teacher-forcing", options.teacher_forcing, "How often the decoder is fed the true last token, 0 to 1");
  add("--label-smoothing", options.label_smoothing, "Probability spread over all tokens");
  add("--valid-every", options.valid_every, "Steps between measurements of accuracy");
  add("--checkpoint-every", options.checkpoint_every, "Steps between checkpoints");
}

CLI::Option* add_file(CLI::App& app, const std::string& name, std::string& value, const std::string& what) {
  const auto make_absolute = [](std::string& path) {
    path = path.empty() ? "" : std::filesystem::absolute(path).lexically_normal().string();
    return std::string();
  };
  return app.add_option(name, value, what)->transform(CLI::Validator(make_absolute, ""))->type_name("FILE");
}

CLI::Option* add_list(CLI::App& app, const std::string& name, std::string& value, const std::string& what) {
  const auto trim_all = [](std::string& text) {
    text = joined(split_list(text), ",");
    return std::string();
  };
  return app.add_option(name, value, what)->transform(CLI::Validator(trim_all, ""))->capture_default_str();
}

void require_still_there(const std::string& path, const std::string& option) {
  const bool is_there = path.empty() || std::filesystem::is_regular_file(path);
  require(is_there, option, "given with --resume, which needs the data that the run began with", path + ", no file");
}

void note_unused(const CLI::App& app, const std::vector<UnusedOption>& options, bool quiet) {
  for (const UnusedOption& option : options) {
    const CLI::Option* found = app.get_option_no_throw(option.name);
    if (quiet || !option.unused || found == nullptr || found->count() == 0) {
      continue;
    }
    const bool is_flag = found->get_expected_min() == 0;
    const auto value = found->as<std::string>();
    if (value != (is_flag ? "false" : found->get_default_str())) {
      std::cerr << "remember: " << option.name << (is_flag ? "" : ' ' + value) << " has no effect " << option.where
                << '\n';
    }
  }
}

std::vector<UnusedOption> unused_options(bool some_transformer, bool all_transformers, bool is_pairs) {
  const char* without = "without a transformer";
  const char* with = "with a transformer, whose vectors are all as --hidden says";
  const char* pairs = "with --task pairs, whose sequences are in --data";
  return {{"--positions", !some_transformer, without}, {"--heads", !some_transformer, without},
          {"--embedding", all_transformers, with},     {"--symbols", is_pairs, pairs},
          {"--train-length", is_pairs, pairs},         {"--grow-lengths", is_pairs, pairs},
          {"--train-size", is_pairs, pairs},           {"--tokens", !is_pairs, "without --task pairs"}};
}

void add_threads(CLI::App& app) {
  const auto set = [](int64_t count) {
    require(count >= 1 && count <= 1024, "--threads", "a whole number from 1 to 1024", count);
    heed::set_num_threads(static_cast<int>(count));
  };
  add_number(app, "--threads", set, "Threads to use; results are the same with any number")->default_str("all cores");
}

void require_count(int64_t count) {
  require(count >= 1 && count <= 1'000'000, "--count", "a whole number from 1 to 1000000", count);
}

void finish(RunOptions& options, const RunOptionTexts& texts) {
  DataOptions& data = options.data;
  data.train_length = parse_length_range(texts.train_length, "--train-length");
  data.source_tokens = texts.tokens;
  data.target_tokens = texts.tokens;
  validate(options);
}

}  // namespace remember
