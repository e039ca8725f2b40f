// remember compare: several models on several tasks, side by side.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "commands/command_options.h"
#include "commands/commands.h"
#include "commands/comparison_command.h"
#include "data/task.h"
#include "run/model_spec.h"
#include "run/network.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

/// Notes options that have no effect on any of the models.
void note_unused_options(const CLI::App& app, const ComparisonOptions& options, bool quiet) {
  std::vector<RunOptions> runs(options.models.size(), options.base);
  bool some_transformer = false;
  const std::vector<ModelOptions> models = parse_models(options.models, options.base.model, "--models");
  for (size_t i = 0; i < runs.size(); ++i) {
    runs[i].model = models[i];
    some_transformer = some_transformer || is_transformer(runs[i].model);
  }
  note_unused(app, runs, quiet);
  const auto bare = std::find(options.models.begin(), options.models.end(), "transformer");
  if (some_transformer && bare == options.models.end()) {
    note_unused(app, "--positions", "where --models names positions itself", quiet);
  }
}

/// --steps without --until means that training ends after so many.
void let_steps_end_training(CLI::App& app) {
  if (app.count("--steps") > 0 && app.count("--until") == 0) {
    CLI::Option* until = app.get_option("--until");
    until->add_result("steps");
    until->run_callback();
  }
}

void add_comparison_options(CLI::App& app, ComparisonOptions& options) {
  const std::string heading = "Comparison";
  const auto add_list = [&](const std::string& name, auto& value, const std::string& text, auto parse,
                            const std::string& help, const std::string& value_name) {
    add_parsed(app, name, value, text, parse, help)->transform(without_blanks())->type_name(value_name)->group(heading);
  };
  add_list("--task", options.tasks, "reverse", parse_list, "Tasks: " + task_names(), "TASK,…");
  add_list("--models", options.models, "lstm,bilstm,lstm+additive,bilstm+additive", parse_list,
           "Models: CELL, biCELL (bidirectional), CELL+ATTENTION or biCELL+ATTENTION. CELL: " + cell_names() +
               ". ATTENTION: " + attention_names() +
               "; without it the decoder has only the encoder's last state. Or transformer, or "
               "transformer+POSITIONS: " +
               position_names(),
           "MODEL,…");
  add_seeds(app, options.seeds, "1,2,3")->group(heading);
  add_list("--test-length", options.test_lengths, "5,10,20,40", parse_length_ranges,
           "Lengths to test at, each N or MIN:MAX", "RANGE,…");
  add_count(app, options.test_count, "Tests per length")->group(heading);
  add_switch(app, "--match-parameters", options.match_parameters,
             "Change hidden sizes so that all models have about as many parameters as the first")
      ->group(heading);
}

}  // namespace

Command add_compare(CLI::App& program) {
  CLI::App* app =
      program.add_subcommand("compare", "Train several models to their plateau and compare what they remember");
  const auto command = std::make_shared<ComparisonCommand>();
  app->add_option("--out", command->out, "Folder for results, figures and runs; new or empty")
      ->type_name("DIR")
      ->required();
  add_folder_options(*app, command->resume, &command->force, command->trials.quiet);
  add_trials_options(*app, command->trials);
  command->comparison.base.training.until = "plateau";
  add_comparison_options(*app, command->comparison);
  add_run_options(*app, command->comparison.base, OptionsOf::compare);
  app->footer(
      "Example:\n"
      "  remember compare --task reverse,copy --models lstm,lstm+additive \\\n"
      "      --test-length 5,10,20,40 --minutes 30 --out compared");
  command->app = app;
  return {app, [app, command] {
            resume_options(*app, command->out, command->resume, command->trials.quiet);
            let_steps_end_training(*app);
            const std::vector<std::string>& tasks = command->comparison.tasks;
            require(std::find(tasks.begin(), tasks.end(), "pairs") == tasks.end(), "--task",
                    "tasks with a known answer (for pairs use train and evaluate)", "pairs");
            validate(command->comparison.base);
            note_unused_options(*app, command->comparison, command->trials.quiet);
            note_too_late(*app, command->comparison.base, command->trials.quiet);
            return compare(*command);
          }};
}

}  // namespace remember
