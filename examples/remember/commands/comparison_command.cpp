// Compares models: see comparison_command.h.
#include "commands/comparison_command.h"

#include <iostream>

#include <heed/tensor/file.h>

#include "joined.h"
#include "report/comparison_figures.h"
#include "report/results.h"
#include "report/run_report.h"
#include "report/verdict.h"
#include "run/interrupt.h"
#include "run/output_folder.h"
#include "run/side_by_side.h"

namespace remember {

namespace {

int judge(const std::vector<RunResult>& results) {
  const Verdict found = verdict(results);
  if (!found.shown) {
    std::cerr << "remember: this run does not show what attention is for: " << found.text << '\n';
    return 1;
  }
  std::cout << '\n' << found.text << '\n';
  return 0;
}

std::string report_title(const ComparisonOptions& options) {
  return "What is remembered: " + joined(options.tasks, " and ") + ", with attention and without";
}

}  // namespace

int compare(const ComparisonCommand& command) {
  planned_trials(command.comparison);  // refuses bad ones before anything is written
  prepare_comparison_folder(command.out, command.resume, command.force);
  watch_for_interrupt();
  std::vector<RunResult> results;
  try {
    results = run_comparison(command.comparison, command.out, command.quiet);
  } catch (const Interrupted&) {
    std::cerr << "remember: interrupted, saved; to go on, give the same command with --resume\n";
    return 130;
  }
  heed::write_file(command.out + "/results.csv", results_csv(results));
  heed::write_file(command.out + "/results.json", results_json(results));
  std::cout << results_table(results);
  if (const size_t at_once = made_at_once(results.size()); at_once > 1) {
    std::cout << "times were taken side by side: up to " << at_once << " runs shared the cores\n";
  }
  std::cout << std::flush;
  const std::vector<std::string> pictures = draw_comparison(results, command.out);
  const std::string report =
      write_report(comparison_report(report_title(command.comparison), results, command.out), command.out);
  std::cout << "\nreport to open in a browser: " << report << '\n';
  std::cout << "results: " << command.out << "/results.csv, " << command.out << "/results.json\n";
  std::cout << "pictures to open (each also as .svg):\n";
  for (const std::string& picture : pictures) {
    std::cout << "  " << picture << '\n';
  }
  return command.judge ? judge(results) : 0;
}

}  // namespace remember
