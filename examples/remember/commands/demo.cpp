// remember demo: the comparison that shows, in a few minutes, what attention does for memory.
#include <memory>

#include "commands/commands.h"
#include "commands/comparison_command.h"
#include "commands/kept_options.h"

namespace remember {

namespace {

/// Chosen so that two cores train both in less than three minutes, and so that the vector is at its plateau then and
/// still far below: it converges after 81,000 steps, and at step 410,000 of a cosine schedule over 500,000 (seed 1) it
/// writes 34 % of strings of 15 exactly and none of 20. One seed: with others it may need twice as long.
ComparisonOptions demo_comparison() {
  ComparisonOptions options;
  options.tasks = {"reverse"};
  options.models = {"lstm", "lstm+additive"};
  options.seeds = {2};
  options.test_lengths = {{5, 5}, {15, 15}, {20, 20}, {30, 30}};
  options.base.data.train_length = {5, 20};
  options.base.model.hidden = 16;
  options.base.training.until = "plateau";
  options.base.training.learning_rate = 5e-3;
  options.base.training.max_steps = 300'000;
  return options;
}

}  // namespace

Command add_demo(CLI::App& program) {
  CLI::App* app = program.add_subcommand(
      "demo", "Train two models to their plateau in three minutes, and compare what they remember");
  const auto command = std::make_shared<ComparisonCommand>();
  command->comparison = demo_comparison();
  app->add_option("--out", command->out, "Output folder; an earlier demo in it is replaced")
      ->type_name("DIR")
      ->required();
  add_folder_options(*app, command->resume, &command->force, command->trials.quiet);
  app->footer("Example:\n  remember demo --out demo");
  command->app = app;
  return {app, [app, command] {
            resume_options(*app, command->out, command->resume, command->trials.quiet);
            command->force = command->force || is_folder_of(app->get_name(), command->out);
            command->judge = true;
            return compare(*command);
          }};
}

}  // namespace remember
