// remember cost: time and memory of attention and of a recurrent layer, by length.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <heed/tensor/file.h>
#include <heed/tensor/parallel.h>

#include "commands/command_options.h"
#include "commands/commands.h"
#include "report/cost_report.h"
#include "run/cost.h"
#include "run/output_folder.h"
#include "system/interrupt.h"
#include "text/usage_error.h"

namespace remember {

namespace {

constexpr int64_t kLongest = 30'000;

struct CostCommand {
  std::vector<int64_t> lengths;
  std::string json;
  std::string out;
  CostOptions options;
};

std::vector<int64_t> parse_lengths(const std::string& text, const std::string& option) {
  const std::vector<int64_t> lengths = parse_whole_numbers<int64_t>(text, option);
  for (const int64_t length : lengths) {
    require(length >= 1 && length <= kLongest, option,
            "lengths from 1 to " + std::to_string(kLongest) + " with commas between them", std::to_string(length));
  }
  return lengths;
}

int cost(const CostCommand& command) {
  if (!command.json.empty()) {
    require_writable(command.json);
  }
  if (!command.out.empty()) {
    make_folder(command.out);
    require_writable(command.out, {"cost-time.png", "cost-time.svg", "cost-memory.png", "cost-memory.svg"});
  }
  watch_for_interrupt();
  std::vector<Cost> costs;
  for (const int64_t length : command.lengths) {
    costs.push_back(measure_cost(length, command.options));
    stop_if_interrupted();
  }
  std::cout << "one sequence, forward, size " << command.options.size << ", float32, " << heed::num_threads()
            << (heed::num_threads() == 1 ? " thread" : " threads") << "\n\n"
            << cost_table(costs);
  if (!command.json.empty()) {
    heed::write_file(command.json, cost_json(costs, command.options));
  }
  if (!command.out.empty()) {
    std::cout << '\n';
    for (const std::string& picture : draw_cost(costs, command.out)) {
      std::cout << "figure: " << picture << '\n';
    }
  }
  return 0;
}

}  // namespace

Command add_cost(CLI::App& program) {
  CLI::App* app = program.add_subcommand("cost", "Measure time and memory of attention by length");
  const auto command = std::make_shared<CostCommand>();
  add_parsed(*app, "--length", command->lengths, "50,100,200,400,800,1600,3200", parse_lengths, "Lengths to measure")
      ->type_name("N,…");
  add_number(*app, "--size", command->options.size, "Size of queries, keys and values, and of the recurrent state")
      ->check(between(1, 4096));
  app->add_option("--json", command->json, "Also write the measurements to this file")
      ->check(some_text())
      ->type_name("FILE");
  app->add_option("--out", command->out, "Also draw figures, as PNG and SVG, in this folder")
      ->check(some_text())
      ->type_name("DIR");
  add_threads(*app);
  app->footer("Example:\n  remember cost --length 50,100,200,400 --out cost");
  return {app, [command] { return cost(*command); }};
}

}  // namespace remember
