// The options that train and compare share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "number_option.h"
#include "run/options.h"

namespace remember {

using examples::add_number;

/// Text that only becomes values once parsing is over.
struct RunOptionTexts {
  std::string train_length = "5:20";
  std::string tokens = "auto";
};

/// Sizes of the model; its cell and attention are added by the command itself.
void add_model_sizes(CLI::App& app, ModelOptions& options);
void add_task_options(CLI::App& app, DataOptions& options, RunOptionTexts& texts);
void add_pairs_options(CLI::App& app, DataOptions& options, RunOptionTexts& texts);
void add_training_options(CLI::App& app, TrainingOptions& options);
/// The name of a file to read; it becomes absolute, so that a run can be resumed from anywhere.
CLI::Option* add_file(CLI::App& app, const std::string& name, std::string& value, const std::string& what);

/// A list with commas between its words; the blanks around them are left out, so that equal lists are equal texts.
CLI::Option* add_list(CLI::App& app, const std::string& name, std::string& value, const std::string& what);
/// For --resume without that option: throws UsageError unless the path is empty or a file. A pipe that a run read from
/// has nothing to give a second time.
void require_still_there(const std::string& path, const std::string& option);

/// An option that has no effect with what else was given.
struct UnusedOption {
  const char* name;
  bool unused;
  const char* where;  ///< "without a transformer"
};
/// Says on the standard error, unless `quiet`, which of those are unused and were given a value other than the usual
/// one.
void note_unused(const CLI::App& app, const std::vector<UnusedOption>& options, bool quiet);
/// Those of add_model_sizes(), add_task_options() and add_pairs_options().
std::vector<UnusedOption> unused_options(bool some_transformer, bool all_transformers, bool is_pairs);

/// --threads, and using it.
void add_threads(CLI::App& app);

/// Throws UsageError for a number of tests (--count) that makes no sense.
void require_count(int64_t count);

/// Puts the texts into the options and checks everything. Throws UsageError.
void finish(RunOptions& options, const RunOptionTexts& texts);

}  // namespace remember
