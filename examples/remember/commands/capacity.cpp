// remember capacity: how long an input models of several sizes remember.
#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <heed/tensor/file.h>

#include "commands/command_options.h"
#include "commands/commands.h"
#include "commands/comparison_command.h"
#include "commands/kept_options.h"
#include "report/capacity_report.h"
#include "report/run_report.h"
#include "report/table.h"
#include "run/capacity.h"
#include "run/output_folder.h"
#include "system/folder_lock.h"
#include "system/interrupt.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

constexpr int64_t kMostLong = 10'000;

struct CapacityCommand {
  CLI::App* app = nullptr;
  CapacityOptions options;
  TrialsOptions trials;
  std::string out;
  bool resume = false;
  bool force = false;
};

/// The defaults with which small models come to their plateau soon.
RunOptions base_options() {
  RunOptions base;
  base.data.task = "copy";
  base.training.until = "plateau";
  base.training.learning_rate = 3e-3;
  base.training.patience = 5;
  base.training.valid_every = 200;
  return base;
}

std::vector<int64_t> parse_sizes(const std::string& text, const std::string& option) {
  const std::vector<int64_t> sizes = parse_whole_numbers<int64_t>(text, option);
  require(*std::min_element(sizes.begin(), sizes.end()) > 0, option, "sizes of at least 1", "'" + text + "'");
  return sizes;
}

int capacity(CapacityCommand& command) {
  resume_options(*command.app, command.out, command.resume, command.trials.quiet, {"--max-steps"});
  const CapacityOptions& options = command.options;
  planned_searches(options);  // throws before anything is written
  watch_for_interrupt();
  make_folder(command.out);
  const FolderLock lock(command.out);
  prepare_comparison_folder(command.out, command.resume, command.force);
  require_writable(command.out, {"capacity.csv", "capacity.json"});
  keep_options(*command.app, command.out);
  std::vector<CapacitySearch> searches;
  try {
    searches = measure_capacities(options, command.out, command.trials);
  } catch (const Interrupted&) {
    return interrupted_in("capacity", command.out);
  }
  heed::write_file(command.out + "/capacity.csv", capacity_csv(searches));
  heed::write_file(command.out + "/capacity.json", capacity_json(searches));
  const ReportTable table = capacity_table(searches);
  std::cout << table.title << "\n\n" << table_text(table) << '\n' << table.note << "\n\n";
  for (const std::string& picture : draw_capacity(searches, command.out)) {
    std::cout << "figure: " << picture << '\n';
  }
  std::cout << "report (opens in a browser): " << write_report(capacity_report(searches), command.out) << '\n';
  std::cout << "results: " << command.out << "/capacity.csv, " << command.out << "/capacity.json\n";
  return 0;
}

void add_capacity_options(CLI::App& app, CapacityOptions& options) {
  const std::string heading = "Capacity";
  const auto add_list = [&](const std::string& name, auto& value, const std::string& text, auto parse,
                            const std::string& help, const std::string& value_name) {
    add_parsed(app, name, value, text, parse, help)->transform(without_blanks())->type_name(value_name)->group(heading);
  };
  app.add_option("--task", options.base.data.task, "Task: " + joined(capacity_tasks(), ", "))
      ->default_str(options.base.data.task)
      ->type_name("TASK")
      ->group(heading);
  add_list("--models", options.models, "rnn,gru,lstm,mingru", parse_list, "Models, as in compare", "MODEL,…");
  add_list("--hidden", options.hidden, "16,32,64,128", parse_sizes, "Sizes of the hidden state", "N,…");
  add_seeds(app, options.seeds, "1,2,3")->group(heading);
  add_number(app, "--longest", options.longest, "Length at which a search ends, as with attention it otherwise may not")
      ->check(between(1, kMostLong))
      ->group(heading);
  add_count(app, options.test_count, "Inputs per measurement")->group(heading);
}

}  // namespace

Command add_capacity(CLI::App& program) {
  CLI::App* app = program.add_subcommand("capacity", "Measure how long an input models of several sizes remember");
  const auto command = std::make_shared<CapacityCommand>();
  command->app = app;
  command->options.base = base_options();
  app->add_option("--out", command->out, "Folder for results, figures and runs; new or empty")
      ->type_name("DIR")
      ->required();
  add_folder_options(*app, command->resume, &command->force, command->trials.quiet);
  add_trials_options(*app, command->trials);
  add_run_options(*app, command->options.base, OptionsOf::capacity);
  app->get_option("--max-steps")->description("Most parameter updates per length");
  add_capacity_options(*app, command->options);
  app->footer(
      "Example:\n"
      "  remember capacity --task copy --models rnn,lstm,lstm+additive \\\n"
      "      --hidden 16,32 --minutes 10 --out capacity");
  return {app, [command] { return capacity(*command); }};
}

}  // namespace remember
