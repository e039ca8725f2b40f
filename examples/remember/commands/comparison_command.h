// What compare and demo share: demo is a comparison with fixed options.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "run/comparison.h"

namespace remember {

struct ComparisonCommand {
  CLI::App* app = nullptr;  ///< of the command
  ComparisonOptions comparison;
  std::string out;
  TrialsOptions trials = {};
  bool resume = false;
  bool force = false;
  bool judge = false;  ///< print the verdict (verdict.h), and fail if it is negative
};

/// Options of all commands that fill a folder with runs: --resume, --force (unless null), --quiet and --threads.
void add_folder_options(CLI::App& app, bool& resume, bool* force, bool& quiet);
/// With --resume, sets the command's options from those kept in the folder. Throws UsageError, and heed::FileError if
/// neither the folder nor the command line has options. `also_changeable`: options that may have another value than
/// those that every command lets change.
void resume_options(CLI::App& app, const std::string& folder, bool resume, bool quiet,
                    const std::vector<std::string>& also_changeable = {});
/// Prints how to go on, and returns the exit status, which is that of the signal.
int interrupted_in(const std::string& command, const std::string& folder);

/// Trains, tests, prints the table, and writes results and figures. Returns the exit status.
int compare(const ComparisonCommand& command);

}  // namespace remember
