// remember compare: several models on several tasks, side by side.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "commands/commands.h"
#include "commands/comparison_command.h"
#include "commands/run_options.h"
#include "commands/seed_list.h"
#include "commands/switch_option.h"
#include "data/task.h"
#include "run/model_spec.h"
#include "usage_error.h"

namespace remember {

namespace {

struct CompareTexts {
  std::string tasks = "reverse";
  std::string models = "lstm,bilstm,lstm+additive,bilstm+additive";
  std::string seeds = "1";
  std::string test_lengths = "5,10,20,40";
  RunOptionTexts run;
};

void finish_comparison(ComparisonOptions& options, const CompareTexts& texts) {
  options.tasks = parse_list(texts.tasks, "--task");
  for (const std::string& task : options.tasks) {
    require(task != "pairs", "--task", "tasks with a known answer (for pairs use train and evaluate)", "pairs");
  }
  options.models = parse_list(texts.models, "--models");
  options.seeds = parse_seeds(texts.seeds);
  options.test_lengths = parse_length_ranges(texts.test_lengths, "--test-length");
  require_count(options.test_count);
  finish(options.base, texts.run);
}

/// Notes options that have no effect with any of the models.
void note_unused_sizes(const CLI::App& app, const std::vector<std::string>& models, bool quiet) {
  const auto is_transformer = [](const std::string& model) { return model.starts_with("transformer"); };
  const bool some = std::any_of(models.begin(), models.end(), is_transformer);
  const bool all = std::all_of(models.begin(), models.end(), is_transformer);
  const bool all_named = some && std::find(models.begin(), models.end(), "transformer") == models.end();
  note_unused(app, unused_options(some, all, false), quiet);
  note_unused(app, {{"--positions", all_named, "where --models names positions itself"}}, quiet);
}

void add_comparison_options(CLI::App& app, ComparisonOptions& options, CompareTexts& texts) {
  const auto add = [&](const std::string& name, std::string& value, const std::string& what, const std::string& type) {
    add_list(app, name, value, what)->type_name(type)->group("Comparison");
  };
  add("--task", texts.tasks, "Tasks: " + task_names(), "TASK,…");
  add("--models", texts.models,
      "Models, each as CELL, biCELL, CELL+ATTENTION or biCELL+ATTENTION. CELL: rnn, lstm, gru. ATTENTION: " +
          attention_names() +
          "; without it the decoder has the encoder's last state alone. Or transformer, or transformer+POSITIONS: " +
          position_names(),
      "MODEL,…");
  add("--seeds", texts.seeds, "Seeds: each model is trained once with each", "N,…");
  add("--test-length", texts.test_lengths, "Lengths to test at, each N or MIN:MAX", "RANGE,…");
  add_number(app, "--count", options.test_count, "Tests per length")->group("Comparison");
  add_switch(app, "--match-parameters", options.match_parameters,
             "Scale hidden sizes until all models have about as many parameters as the first")
      ->group("Comparison");
}

}  // namespace

Command add_compare(CLI::App& program) {
  CLI::App* app = program.add_subcommand("compare", "Train several models and compare what they remember");
  const auto command = std::make_shared<ComparisonCommand>();
  const auto texts = std::make_shared<CompareTexts>();
  RunOptions& base = command->comparison.base;
  app->add_option("--out", command->out, "Folder for results, figures and runs; new or empty")
      ->type_name("DIR")
      ->required();
  add_folder_options(*app, command->resume, &command->force, command->quiet);
  add_comparison_options(*app, command->comparison, *texts);
  add_task_options(*app, base.data, texts->run);
  add_model_sizes(*app, base.model);
  add_training_options(*app, base.training);
  app->footer(
      "Example:\n"
      "  remember compare --task reverse,copy --models lstm,lstm+additive \\\n"
      "      --test-length 5,10,20,40 --steps 1000 --out compared");
  command->app = app;
  return {app, [app, command, texts] {
            resume_options(*app, command->out, command->resume, command->quiet);
            finish_comparison(command->comparison, *texts);
            note_unused_sizes(*app, command->comparison.models, command->quiet);
            return compare(*command);
          }};
}

}  // namespace remember
