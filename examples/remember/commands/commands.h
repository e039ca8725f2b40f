// The commands of the program, each with its options (CLI11) and a function that runs it.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace remember {

struct Command {
  CLI::App* app = nullptr;
  /// Returns the exit status. Throws UsageError, heed::Error, Interrupted.
  std::function<int()> run;
};

Command add_train(CLI::App& program);
Command add_compare(CLI::App& program);
Command add_capacity(CLI::App& program);
Command add_demo(CLI::App& program);
Command add_attend(CLI::App& program);
Command add_evaluate(CLI::App& program);
Command add_cost(CLI::App& program);
Command add_reproduce(CLI::App& program);

}  // namespace remember
