// What compare and demo do; demo is a comparison with settings of its own.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "run/comparison.h"

namespace remember {

struct ComparisonCommand {
  CLI::App* app = nullptr;  ///< whose options they are
  ComparisonOptions comparison;
  std::string out;
  bool resume = false;
  bool force = false;
  bool quiet = false;
  bool judge = false;  ///< say whether attention remembered what a fixed-length vector forgot, and fail if not
};

/// Options that all commands have which fill a folder with runs: --resume, --force (not a demo), --quiet and --threads.
void add_folder_options(CLI::App& app, bool& resume, bool* force, bool& quiet);
/// With --resume gives the command the options that are kept in the folder; where its files of pairs are may have
/// changed. Throws UsageError, and heed::FileError when neither the folder nor the command line says what to make.
void resume_options(CLI::App& app, const std::string& folder, bool resume, bool quiet);
/// Says how to go on, and returns the exit status.
int interrupted_in(const std::string& command, const std::string& folder);

/// Trains, tests, prints the table, writes results and figures. Returns the exit status.
int compare(const ComparisonCommand& command);

}  // namespace remember
