// remember reproduce: repeats a published experiment and prints its figures next to the published ones.
#include <array>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <heed/tensor/file.h>

#include "commands/command_options.h"
#include "commands/commands.h"
#include "commands/comparison_command.h"
#include "commands/kept_options.h"
#include "experiments/experiment.h"
#include "report/attention_cost_report.h"
#include "report/comparison_figures.h"
#include "report/experiment_table.h"
#include "report/partly_tested.h"
#include "report/results.h"
#include "report/run_report.h"
#include "run/data_source.h"
#include "run/output_folder.h"
#include "run/saved_run.h"
#include "system/folder_lock.h"
#include "system/interrupt.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

struct ReproduceCommand {
  std::string name;
  std::string out;
  ExperimentOptions options;
  TrialsOptions trials;
  bool resume = false;
  bool force = false;
};

int reproduce_cost(const CLI::App& app, const ReproduceCommand& command) {
  make_folder(command.out);
  const FolderLock lock(command.out);
  prepare_comparison_folder(command.out, command.resume, command.force);
  keep_options(app, command.out);
  const std::vector<AttentionCost> costs = measure_attention_costs();
  heed::write_file(command.out + "/results.json", attention_cost_json(costs));
  std::cout << attention_cost_text(costs) << "\nresults: " << command.out << "/results.json\n";
  return 0;
}

void write_results(const Experiment& experiment, const std::vector<RunResult>& results, const std::string& folder) {
  heed::write_file(folder + "/results.csv", results_csv(results));
  const nlohmann::ordered_json json = {{"format", 1},
                                       {"experiment", experiment_json(experiment)},
                                       {"partly_tested", partly_tested(results)},
                                       {"runs", results}};
  heed::write_file(folder + "/results.json", json.dump(1) + '\n');
}

/// With --resume, restores the kept options. Paths of data files may be given again.
void restore(CLI::App& app, ReproduceCommand& command) {
  struct File {
    const char* option;
    const std::string& path;
    bool given;
  };
  const std::array files = {File{"--data", command.options.data, app.count("--data") > 0},
                            File{"--valid", command.options.valid, app.count("--valid") > 0},
                            File{"--test", command.options.test, app.count("--test") > 0}};
  resume_options(app, command.out, command.resume, command.trials.quiet);
  for (const File& file : files) {
    if (command.resume && !file.given) {
      require_still_there(file.path, file.option);
    }
  }
}

/// Throws if files of pairs cannot be used or are not those of the runs in the folder, before anything is written.
void try_data(const std::vector<Trial>& trials, const ReproduceCommand& command) {
  RunOptions options = trials.front().options;
  if (options.data.task != "pairs") {
    return;
  }
  const std::unique_ptr<Dataset> dataset = open_dataset(options);
  for (const Trial& trial : trials) {
    const std::string last = trial_folder(command.out, trial.name) + '/' + kLastCheckpoint;
    if (command.resume && std::filesystem::exists(last)) {
      require_same_data(load_run(last), *dataset, options.data.data);
    }
  }
}

int reproduce(CLI::App& app, ReproduceCommand& command) {
  restore(app, command);
  require(!command.name.empty(), "name", "one of " + joined(experiment_names(), ", ") + ", cost", "nothing");
  watch_for_interrupt();
  if (command.name == "cost") {
    for (const char* option : {"--minutes", "--jobs", "--seeds", "--data", "--valid", "--test"}) {
      note_unused(app, option, "with cost, which trains nothing", command.trials.quiet);
    }
    return reproduce_cost(app, command);
  }
  const Experiment experiment = make_experiment(command.name, command.options);
  try_data(experiment.trials, command);
  make_folder(command.out);
  const FolderLock lock(command.out);
  prepare_comparison_folder(command.out, command.resume, command.force);
  keep_options(app, command.out);
  std::vector<RunResult> results;
  try {
    results = make_trials(experiment.trials, command.out, command.trials);
  } catch (const Interrupted&) {
    return interrupted_in("reproduce " + command.name, command.out);
  }
  write_results(experiment, results, command.out);
  std::cout << experiment_text(experiment, results) << std::flush;
  for (const std::string& picture : draw_comparison(results, command.out)) {
    std::cout << "figure: " << picture << '\n';
  }
  std::cout << "report (opens in a browser): "
            << write_report(experiment_report(experiment, results, command.out), command.out) << '\n';
  std::cout << "results: " << command.out << "/results.csv, " << command.out << "/results.json\n";
  return 0;
}

}  // namespace

Command add_reproduce(CLI::App& program) {
  CLI::App* app = program.add_subcommand("reproduce", "Reproduce a published experiment, and compare with its figures");
  const auto command = std::make_shared<ReproduceCommand>();
  app->add_option("name", command->name, "Experiment: " + joined(experiment_names(), ", ") + ", cost")
      ->type_name("NAME");
  app->add_option("--out", command->out, "Folder for results, figures and runs; new or empty")
      ->type_name("DIR")
      ->required();
  add_trials_options(*app, command->trials, "--minutes,--budget");
  add_seeds(*app, command->options.seeds, "1,2,3");
  add_file(*app, "--data", command->options.data, "For g2p: file of training pairs");
  add_file(*app, "--valid", command->options.valid, "For g2p: file of validation pairs");
  add_file(*app, "--test", command->options.test, "For g2p: file of the pairs that are counted; they choose nothing");
  add_folder_options(*app, command->resume, &command->force, command->trials.quiet);
  app->footer("Example:\n  remember reproduce uva --minutes 10 --out uva");
  return {app, [app, command] { return reproduce(*app, *command); }};
}

}  // namespace remember
