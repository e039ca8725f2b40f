// Options that several commands have.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "commands/option_kinds.h"
#include "number_option.h"
#include "run/options.h"
#include "run/trial.h"

namespace remember {

using examples::add_number;
using examples::between;

enum class OptionsOf { train, compare, capacity };
/// The options of a run (run_option.h) that the command has, `train` all of them. Check them with validate().
void add_run_options(CLI::App& app, RunOptions& options, OptionsOf command);

/// --seeds, with a default such as "1,2,3".
CLI::Option* add_seeds(CLI::App& app, std::vector<uint64_t>& seeds, const std::string& usual);
/// A limit of time, finite and at least 0. `names`: "--minutes", or several with commas.
void add_minutes(CLI::App& app, const std::string& names, double& minutes, const std::string& help);
/// --jobs and --minutes: how a folder of runs is trained. `minutes`: all names of the second.
void add_trials_options(CLI::App& app, TrialsOptions& options, const std::string& minutes = "--minutes");
/// --count: tests per length.
CLI::Option* add_count(CLI::App& app, int64_t& count, const std::string& help);
/// --checkpoint and --beam, for commands that use a trained model.
void add_trained_model(CLI::App& app, std::string& checkpoint, int64_t& beam);
/// --threads, which takes effect at once.
void add_threads(CLI::App& app);

/// "1,2,3", of int64_t or uint64_t. Throws UsageError naming `option`, also where one is there twice.
template <class Number>
std::vector<Number> parse_whole_numbers(const std::string& text, const std::string& option);

/// For --resume without that option: throws UsageError unless the path is empty or a file. A pipe cannot be read again.
void require_still_there(const std::string& path, const std::string& option);

/// Says on the standard error, unless `quiet`, that an option has no effect, if it was given a value other than its
/// default. `where`: "without a transformer".
void note_unused(const CLI::App& app, const std::string& option, const std::string& where, bool quiet);
/// The same for all options of a run that have no effect on any of these runs.
void note_unused(const CLI::App& app, const std::vector<RunOptions>& runs, bool quiet);
/// Says so, unless `quiet`, where --warmup or --grow-lengths was given more steps than training has.
void note_too_late(const CLI::App& app, const RunOptions& run, bool quiet);

}  // namespace remember
