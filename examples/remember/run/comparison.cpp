// Comparison: see comparison.h.
#include "run/comparison.h"

#include <filesystem>
#include <limits>
#include <memory>
#include <optional>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "data/task_data.h"
#include "report/number.h"
#include "run/data_source.h"
#include "run/interrupt.h"
#include "run/model_spec.h"
#include "run/options_json.h"
#include "run/output_folder.h"
#include "run/side_by_side.h"
#include "run/trainer.h"
#include "usage_error.h"

namespace remember {

namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kResultFile = "/result.json";

void require_same(const RunOptions& wanted, const RunOptions& found, const std::string& folder) {
  if (!(wanted == found)) {
    throw UsageError("--resume: the run in " + folder + " must have been made with the options given now, got " +
                     Json(found).dump() + ", not " + Json(wanted).dump());
  }
}

/// The result of a run that was finished and tested before, if its tests are those wanted now.
std::optional<RunResult> finished_result(const RunOptions& run, const ComparisonOptions& options,
                                         const std::string& folder) {
  const std::string path = folder + kResultFile;
  if (!std::filesystem::exists(path)) {
    return std::nullopt;
  }
  RunResult result;
  try {
    Json::parse(heed::read_file(path)).get_to(result);
  } catch (const Json::exception& error) {
    heed::fail<heed::FileError>(path, "must be a result that remember wrote, got: ", error.what());
  } catch (const UsageError& error) {  // a value in the file that no option could have
    heed::fail<heed::FileError>(path, "must be a result that remember wrote, got: ", error.what());
  }
  require_same(run, result.options, folder);
  bool same_tests = result.test_count == options.test_count && result.scores.size() == options.test_lengths.size();
  for (size_t i = 0; same_tests && i < result.scores.size(); ++i) {
    same_tests = result.scores[i].length == options.test_lengths[i];
  }
  return same_tests ? std::optional(result) : std::nullopt;
}

/// Trains, or goes on training, up to the end. Returns the seconds it took. Throws Interrupted.
double train_to_end(RunOptions run, const std::string& folder, Progress& progress, const std::string& label) {
  make_folder(folder);
  const std::string last = folder + '/' + kLastCheckpoint;
  std::optional<SavedRun> saved;
  if (std::filesystem::exists(last)) {
    saved = load_run(last);
    require_same(run, saved->description.options, folder);
  }
  const std::unique_ptr<Dataset> dataset = open_dataset(run);
  Trainer trainer(run, *dataset, folder, progress, label, saved ? &*saved : nullptr);
  if (trainer.run(std::numeric_limits<int64_t>::max()) != Trainer::Ending::finished) {
    throw Interrupted();
  }
  return trainer.seconds();
}

RunResult test_run(const RunOptions& run, const ComparisonOptions& options, const std::string& folder) {
  const std::string path = folder + '/' + kBestCheckpoint;
  const SavedRun saved = load_run(path);
  const std::unique_ptr<Model> model = restore_model(saved, path);
  RunResult result;
  result.options = run;
  result.model = model_name(run.model);
  result.parameters = model->network().parameter_count();
  result.best_step = saved.checkpoint.progress.step;
  result.test_count = options.test_count;
  for (const LengthRange& length : options.test_lengths) {
    if (interrupted()) {
      throw Interrupted();
    }
    const Task& task = *find_task(run.data.task);
    const auto problems = task_problems(task, run.data.symbols, length, Part::test, options.test_count);
    result.scores.push_back({length, evaluate(model->decoder(), problems).total});
  }
  return result;
}

std::string last_words(const RunResult& result, const std::string& label) {
  std::string text = label + "  exact";
  for (const LengthScore& entry : result.scores) {
    text += "  " + to_string(entry.length) + ": " + percent(entry.score.exact_rate());
  }
  return text + "  (" + clock(result.seconds) + ")";
}

std::string run_label(const RunOptions& run, size_t index, size_t count) {
  return '[' + std::to_string(index + 1) + '/' + std::to_string(count) + "] " + run.data.task + ' ' +
         model_name(run.model) + " seed " + std::to_string(run.training.seed);
}

/// Trains and tests, unless that was done before.
RunResult make_run(const RunOptions& run, const ComparisonOptions& options, const std::string& folder,
                   Progress& progress, const std::string& label) {
  std::optional<RunResult> result = finished_result(run, options, folder);
  const bool was_there = result.has_value();
  if (!was_there) {
    const double seconds = train_to_end(run, folder, progress, label);
    result = test_run(run, options, folder);
    result->seconds = seconds;
    heed::write_file(folder + kResultFile, Json(*result).dump(1) + '\n');
  }
  progress.finish(label, last_words(*result, label) + (was_there ? "  finished before" : ""));
  return *result;
}

}  // namespace

std::vector<RunOptions> planned_runs(const ComparisonOptions& options) {
  std::vector<RunOptions> runs;
  for (const std::string& task : options.tasks) {
    for (const std::string& model : options.models) {
      for (const uint64_t seed : options.seeds) {
        RunOptions run = options.base;
        run.data.task = task;
        run.model = parse_model(model, run.model, "--models");
        run.training.seed = seed;
        validate(run);
        runs.push_back(run);
      }
    }
  }
  return runs;
}

std::string run_folder(const std::string& folder, const RunOptions& options) {
  return folder + "/runs/" + options.data.task + '-' + model_name(options.model) + "-seed" +
         std::to_string(options.training.seed);
}

std::vector<RunResult> run_comparison(const ComparisonOptions& options, const std::string& folder, bool quiet) {
  const std::vector<RunOptions> runs = planned_runs(options);
  std::vector<RunResult> results(runs.size());
  Progress progress(quiet);
  make_side_by_side(runs.size(), [&](size_t i) {
    results[i] = make_run(runs[i], options, run_folder(folder, runs[i]), progress, run_label(runs[i], i, runs.size()));
  });
  return results;
}

}  // namespace remember
