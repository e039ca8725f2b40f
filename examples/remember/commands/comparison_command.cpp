// Compares models: see comparison_command.h.
#include "commands/comparison_command.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <vector>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "commands/command_options.h"
#include "commands/kept_options.h"
#include "report/comparison_figures.h"
#include "report/results.h"
#include "report/run_report.h"
#include "report/verdict.h"
#include "run/output_folder.h"
#include "run/run_option.h"
#include "run/side_by_side.h"
#include "system/folder_lock.h"
#include "system/interrupt.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

int judge(const std::vector<RunResult>& results) {
  const Verdict found = verdict(results);
  if (!found.shown) {
    std::cerr << "remember: this run does not show the advantage of attention: " << found.text << '\n';
    return 1;
  }
  std::cout << '\n' << found.text << '\n';
  return 0;
}

std::string report_title(const ComparisonOptions& options) {
  return "What is remembered: " + joined(options.tasks, " and ") + ", with attention and without";
}

}  // namespace

void add_folder_options(CLI::App& app, bool& resume, bool* force, bool& quiet) {
  add_switch(app, "--resume", resume,
             "Keep the finished runs in --out and go on with the others, with the same options");
  if (force != nullptr) {
    add_switch(app, "--force", *force, "Overwrite the files in --out");
  }
  add_switch(app, "--quiet", quiet, "Print only the tables, no progress");
  add_threads(app);
}

void resume_options(CLI::App& app, const std::string& folder, bool resume, bool quiet,
                    const std::vector<std::string>& also_changeable) {
  if (!resume) {
    return;
  }
  note_unused(app, "--force", "with --resume", quiet);
  std::vector<std::string> changeable = names_of({OnResume::place, OnResume::free});
  changeable.insert(changeable.end(), {"--threads", "--jobs", "--minutes"});
  changeable.insert(changeable.end(), also_changeable.begin(), also_changeable.end());
  restore_options(app, folder, changeable);
  const auto is_of_the_runs = [&changeable](const CLI::Option* option) {
    return is_kept(*option) && std::find(changeable.begin(), changeable.end(), option->get_name()) == changeable.end();
  };
  const std::vector<CLI::Option*> chosen = app.get_options(is_of_the_runs);
  const bool is_known = chosen.empty() || std::filesystem::exists(folder + '/' + kOptionsFile) ||
                        std::any_of(chosen.begin(), chosen.end(), [](const CLI::Option* o) { return o->count() > 0; });
  heed::check<heed::FileError>(is_known, folder, "has no options.ini; give the options it was started with");
}

int interrupted_in(const std::string& command, const std::string& folder) {
  std::cerr << "remember: interrupted, saved; to go on: remember " << command << " --resume --out "
            << shell_word(folder) << '\n';
  return interrupt_status();
}

int compare(const ComparisonCommand& command) {
  const std::vector<Trial> trials = planned_trials(command.comparison);  // throws before anything is written
  watch_for_interrupt();
  make_folder(command.out);
  const FolderLock lock(command.out);
  prepare_comparison_folder(command.out, command.resume, command.force);
  keep_options(*command.app, command.out);
  std::vector<RunResult> results;
  try {
    results = make_trials(trials, command.out, command.trials);
  } catch (const Interrupted&) {
    return interrupted_in(command.app->get_name(), command.out);
  }
  heed::write_file(command.out + "/results.csv", results_csv(results));
  heed::write_file(command.out + "/results.json", results_json(results));
  std::cout << results_table(results);
  if (const size_t at_once = made_at_once(results.size(), command.trials.jobs); at_once > 1) {
    std::cout << "times: up to " << at_once << " runs shared the cores\n";
  }
  std::cout << std::flush;
  const std::vector<std::string> pictures = draw_comparison(results, command.out);
  const std::string report =
      write_report(comparison_report(report_title(command.comparison), results, command.out), command.out);
  std::cout << "\nreport (opens in a browser): " << report << '\n';
  std::cout << "results: " << command.out << "/results.csv, " << command.out << "/results.json\n";
  std::cout << "figures (each also as .svg):\n";
  for (const std::string& picture : pictures) {
    std::cout << "  " << picture << '\n';
  }
  return command.judge ? judge(results) : 0;
}

}  // namespace remember
