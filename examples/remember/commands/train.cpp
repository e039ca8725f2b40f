// remember train: one model on one task, in a folder of its own.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <heed/tensor/error.h>

#include "commands/command_options.h"
#include "commands/commands.h"
#include "commands/kept_options.h"
#include "data/task.h"
#include "report/run_report.h"
#include "run/data_source.h"
#include "run/model_spec.h"
#include "run/output_folder.h"
#include "run/run_option.h"
#include "run/saved_run.h"
#include "run/trainer.h"
#include "system/folder_lock.h"
#include "system/interrupt.h"
#include "text/number.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

struct TrainCommand {
  RunOptions options;
  std::string out;
  std::string resume;
  bool force = false;
  bool quiet = false;
  double minutes = 0;
  bool steps_given = false;
  bool max_steps_given = false;
  bool data_given = false;
  bool valid_given = false;
  bool test_given = false;
  int64_t stop_at = std::numeric_limits<int64_t>::max();
};

/// The options that may be given with --resume; all others come from the run's checkpoint.
std::vector<std::string> options_beside_resume() {
  std::vector<std::string> names = names_of({OnResume::place, OnResume::length, OnResume::free});
  names.insert(names.end(), {"--resume", "--quiet", "--stop-at", "--minutes", "--threads"});
  return names;
}

void refuse_options_beside_resume(const CLI::App& app) {
  const std::vector<std::string> allowed = options_beside_resume();
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_name();
    if (option->count() > 0 && std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
      throw UsageError(name + ": must not be given with --resume, which uses the options of the run");
    }
  }
}

/// Sets `saved`, the path of a data file, to `now` if it is not empty. `given`: whether that is from the command line.
void take_data(std::string& saved, const std::string& now, bool given, const std::string& option) {
  require(!given || !saved.empty(), option, "left out for a run without such a file", now);
  saved = now.empty() ? saved : now;
  if (!given) {
    require_still_there(saved, option);
  }
}

/// The last checkpoint in a folder. Throws heed::FileError.
std::string last_checkpoint(const std::string& folder) {
  const std::string file = checkpoint_file(folder, kLastCheckpoint);
  heed::check<heed::FileError>(file != folder || !std::filesystem::exists(folder), folder,
                               "must be the folder of a run for --resume, got a file");
  const std::string last = file == folder ? folder + '/' + kLastCheckpoint : file;
  std::error_code fault;
  const std::filesystem::file_status status = std::filesystem::status(last, fault);
  heed::check<heed::FileError>(!std::filesystem::exists(status) || std::filesystem::is_directory(status) ||
                                   std::filesystem::is_regular_file(status),
                               last, "must be a file for --resume, got a pipe or a device");
  return last;
}

/// The run in the folder, with the changes that the command asks for. Throws UsageError for steps already made.
SavedRun resumed_run(const TrainCommand& command) {
  SavedRun saved = load_run(last_checkpoint(command.resume));
  RunOptions& options = saved.description.options;
  const int64_t step = saved.checkpoint.progress.step;
  const std::string beyond = "above " + std::to_string(step) + ", the step of the run in " + command.resume;
  const bool plateau = until_plateau(options.training);
  require(!command.steps_given || !plateau, "--steps",
          "left out for a run to its plateau, whose ceiling is --max-steps", command.options.training.steps);
  require(!command.max_steps_given || plateau, "--max-steps", "left out for a run with a fixed number of --steps",
          command.options.training.max_steps);
  if (command.steps_given || command.max_steps_given) {
    const int64_t asked = plateau ? command.options.training.max_steps : command.options.training.steps;
    require(asked > step, steps_option(options.training), beyond, asked);
    (plateau ? options.training.max_steps : options.training.steps) = asked;
    validate(options);
  }
  require(command.stop_at > step, "--stop-at", beyond, command.stop_at);
  take_free_options(options, command.options);
  take_data(options.data.data, command.options.data.data, command.data_given, "--data");
  take_data(options.data.valid, command.options.data.valid, command.valid_given, "--valid");
  take_data(options.data.test, command.options.data.test, command.test_given, "--test");
  return saved;
}

/// One line about the run: what was trained, or that it was finished before.
std::string outcome(Trainer& trainer, const TrainingOptions& training, const std::string& folder, bool was_finished) {
  const bool converged = trainer.state().plateau.converged;
  const std::string steps = std::to_string(trainer.step());
  if (was_finished) {
    return "the run in " + folder + " was finished before, at step " + steps +
           (converged ? ": converged"
                      : "; to train it further: remember train --resume " + shell_word(folder) + ' ' +
                            steps_option(training) + ' ' + std::to_string(2 * trainer.step()));
  }
  const std::string end = converged ? "converged, " : until_plateau(training) ? "cut off at " : "";
  return "trained " + model_name(trainer.model().options()) + ", " +
         grouped(trainer.model().network().parameter_count()) + " parameters, " + end + grouped(trainer.step()) +
         (trainer.step() == 1 ? " step in " : " steps in ") + clock(trainer.seconds());
}

/// Measures the best checkpoint, writes the report, and prints the result and a command to try next.
void finish_run(Trainer& trainer, const Dataset& dataset, const std::string& folder, bool was_finished, bool quiet) {
  const std::string best = folder + '/' + kBestCheckpoint;
  const auto saved = load_run(best);
  const auto model = restore_model(saved, best);
  const Score score = evaluate(model->decoder(), dataset.validation()).total;
  const std::string report = write_report(training_report(saved.description.options, score, folder), folder);
  if (quiet) {
    return;
  }
  std::cout << outcome(trainer, saved.description.options.training, folder, was_finished) << '\n'
            << "best checkpoint (step " << saved.checkpoint.progress.step << ") on " << grouped(score.problems)
            << " held-out sources, free-running: exact " << percent(score.exact_rate()) << ", tokens "
            << percent(score.token_rate()) << ", prefix " << percent(score.prefix_rate()) << ", edits per token "
            << percent(score.edit_rate()) << '\n';
  const Tokens& source = dataset.validation().front().source;
  const std::string separator = reads_characters(saved.description.options.data) ? "" : " ";
  const std::string input = joined(model->source_vocabulary().decode(source), separator);
  std::cout << "try next:  remember attend --checkpoint " << shell_word(best) << " --input " << shell_word(input)
            << '\n';
}

/// What --resume must be given because it cannot be read again: " --data FILE" for data from a pipe.
std::string data_to_give(const DataOptions& data) {
  std::string options;
  for (const auto& [name, path] :
       {std::pair("--data", &data.data), std::pair("--valid", &data.valid), std::pair("--test", &data.test)}) {
    const bool stays = path->empty() || std::filesystem::is_regular_file(*path);
    options += stays ? std::string() : std::string(" ") + name + " FILE";
  }
  return options.empty() ? options : options + " (a file or a pipe with the data that the run began with)";
}

/// Prints the step at which an unfinished run stopped, and how to go on.
void say_stopped(const Trainer& trainer, const TrainCommand& command, const std::string& folder, bool was_interrupted) {
  if (!command.quiet || was_interrupted) {
    std::cerr << "remember: " << (was_interrupted ? "interrupted" : "stopped") << " after step " << trainer.step()
              << " of " << (until_plateau(command.options.training) ? "at most " : "")
              << most_steps(command.options.training) << ", saved; to go on: remember train --resume "
              << shell_word(folder) << data_to_give(command.options.data) << '\n';
  }
}

/// Locks the folder, but not where --resume is given what is none, which is refused when it is read.
void take_lock(std::optional<FolderLock>& lock, const std::string& folder, bool resumes) {
  std::error_code fault;
  if (!resumes) {
    make_folder(folder);
  }
  if (std::filesystem::is_directory(folder, fault)) {
    lock.emplace(folder);
  }
}

int train(const CLI::App& app, TrainCommand& command) {
  const bool resumes = !command.resume.empty();
  const std::string folder = resumes ? command.resume : command.out;
  watch_for_interrupt();
  std::optional<FolderLock> lock;
  take_lock(lock, folder, resumes);
  SavedRun saved;
  if (resumes) {
    saved = resumed_run(command);
    command.options = saved.description.options;
  } else {
    require_empty(folder, command.force);
  }
  require_writable(folder, {kMetricsFile, kLastCheckpoint, kBestCheckpoint, kReportFile, kOptionsFile});
  const std::unique_ptr<Dataset> dataset = open_dataset(command.options);
  if (!resumes) {
    remove_earlier_run(folder);  // only after the data of the new one have been checked
  }
  if (!command.quiet && !dataset->description().empty()) {
    std::cout << "data: " << dataset->description() << std::endl;
  }
  Progress progress(command.quiet);
  Trainer trainer(command.options, *dataset, folder, progress, "", resumes ? &saved : nullptr);
  if (!command.quiet && !resumes) {
    std::cerr << "model: " << model_name(command.options.model) << ", " << heed::describe(trainer.forecast())
              << std::endl;
  }
  if (!resumes || std::filesystem::exists(folder + '/' + kOptionsFile)) {
    keep_options(app, folder);  // only after the data have been checked
  }
  const bool was_finished = trainer.finished();
  const Trainer::Ending ending = trainer.run(
      command.stop_at, command.minutes > 0 ? 60 * command.minutes : std::numeric_limits<double>::infinity());
  progress.finish("", "");
  const bool out_of_time = ending == Trainer::Ending::stopped && trainer.step() < command.stop_at;
  if (ending == Trainer::Ending::finished || out_of_time) {
    finish_run(trainer, *dataset, folder, was_finished, command.quiet);
  }
  if (ending == Trainer::Ending::finished) {
    return 0;
  }
  const bool was_interrupted = ending == Trainer::Ending::interrupted;
  say_stopped(trainer, command, folder, was_interrupted);
  return was_interrupted ? interrupt_status() : 0;
}

}  // namespace

Command add_train(CLI::App& program) {
  CLI::App* app =
      program.add_subcommand("train", "Train one model, with checkpoints, metrics and a report in a folder");
  const auto command = std::make_shared<TrainCommand>();
  app->add_option("--out", command->out, "Output folder; new or empty")->type_name("DIR");
  app->add_option("--resume", command->resume,
                  "Go on with the run in this folder as if it had not stopped; a finished run with more --steps")
      ->type_name("DIR");
  add_switch(*app, "--force", command->force, "Overwrite the run in --out");
  add_switch(*app, "--quiet", command->quiet, "Print only errors");
  add_number(*app, "--stop-at", command->stop_at, "Save and stop after this step; --resume goes on later")
      ->default_str("");
  add_minutes(*app, "--minutes", command->minutes,
              "Measure, save and stop after this time; --resume goes on later. 0: no limit");
  add_threads(*app);
  add_run_options(*app, command->options, OptionsOf::train);
  app->footer(
      "Give --out for a new run, or --resume to go on with one. Example:\n"
      "  remember train --task reverse --attention additive --bidirectional \\\n"
      "      --steps 2000 --out reversed");
  return {app, [app, command] {
            if (command->resume.empty()) {
              require(!command->out.empty(), "--out", "given (or --resume)", "nothing");
              validate(command->options);
              note_unused(*app, {command->options}, command->quiet);
              note_too_late(*app, command->options, command->quiet);
            } else {
              refuse_options_beside_resume(*app);
              command->steps_given = app->count("--steps") > 0;
              command->max_steps_given = app->count("--max-steps") > 0;
              command->data_given = app->count("--data") > 0;
              command->valid_given = app->count("--valid") > 0;
              command->test_given = app->count("--test") > 0;
              restore_options(*app, command->resume, options_beside_resume());
            }
            require(command->stop_at >= 1, "--stop-at", "at least 1", command->stop_at);
            return train(*app, *command);
          }};
}

}  // namespace remember
