// The options that train and compare share.
#pragma once

#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>

#include "run/options.h"

namespace remember {

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
/// --threads, and using it.
void add_threads(CLI::App& app);

/// Throws UsageError for a number of tests (--count) that makes no sense.
void require_count(int64_t count);

/// Puts the texts into the options and checks everything. File names become absolute, so that a run can be resumed
/// from anywhere. Throws UsageError.
void finish(RunOptions& options, const RunOptionTexts& texts);

}  // namespace remember
