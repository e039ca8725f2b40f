// One search: see capacity_run.h.
#include "run/capacity_run.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <nlohmann/json.hpp>

#include "data/task_data.h"
#include "run/data_source.h"
#include "run/json_text.h"
#include "run/kept_checkpoint.h"
#include "run/matched_size.h"
#include "run/option_changes.h"
#include "run/options_json.h"
#include "run/output_folder.h"
#include "run/saved_run.h"
#include "run/trainer.h"
#include "run/trial.h"
#include "system/folder_lock.h"
#include "system/interrupt.h"
#include "text/usage_error.h"

namespace remember {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
constexpr const char* kSearchFile = "/search.json";

CapacityStage read_stage(const Json& json) {
  return {json.at("length").get<int64_t>(), json.at("goal").get<double>(),   json.at("exact").get<double>(),
          json.at("converged").get<bool>(), json.at("steps").get<int64_t>(), json.at("examples").get<int64_t>(),
          json.at("seconds").get<double>()};
}

/// Finished stages only, so that the next call goes on with the one that is not.
void write_search(const CapacitySearch& search, const std::string& folder) {
  const Json json = {{"options", search.options}, {"stages", stages_json(search.stages)}};
  heed::write_file(folder + kSearchFile, json.dump(1) + '\n');
}

/// Adds the stages in the folder, if there are any.
void read_search(CapacitySearch& search, const std::string& folder) {
  const std::string path = folder + kSearchFile;
  if (!fs::exists(path)) {
    return;
  }
  try {
    const Json json = read_json_file(path);
    auto before = json.at("options").get<RunOptions>();
    before.training.max_steps = search.options.training.max_steps;  // per length: the next may have more, and this one
    refuse_changes(option_changes(before, search.options), folder);
    for (const Json& stage : json.at("stages")) {
      search.stages.push_back(read_stage(stage));
    }
  } catch (const Json::exception& error) {
    heed::fail<heed::FileError>(path, "must be a search that remember wrote, got: ", error.what());
  }
}

CapacityLengths lengths_of(const CapacitySearch& search, const CapacityOptions& options) {
  const Task& task = *find_task(search.options.data.task);
  return {task.length_step, std::max(task.shortest, task.length_step), options.longest};
}

CapacityGoal goal_of(const CapacityStage& stage) { return {stage.length, stage.goal}; }

void remove_stage(const std::string& folder) {
  std::error_code ignored;  // one that is not there, or of which something stays, does no harm
  if (!fs::is_directory(folder, ignored)) {
    return;
  }
  try {
    const FolderLock lock(folder);  // which removes what killed processes left
    for (const char* file : {kLastCheckpoint, kBestCheckpoint, kMetricsFile}) {
      fs::remove(folder + '/' + file, ignored);
    }
    remove_kept_checkpoints(folder, 0, 0);
  } catch (const heed::FileError&) {  // another process is at work there
    return;
  }
  fs::remove(folder, ignored);
}

/// The search with its number of parameters and, of the longest length remembered, the share of test problems that are
/// exact.
CapacitySearch tested(CapacitySearch search, const CapacityOptions& options, const std::string& folder) {
  search.parameters = parameter_count(search.options);
  const int64_t length = search.found.longest_99;
  const std::string best = folder + '/' + kBestCheckpoint;
  if (length > 0) {
    const DataOptions& data = search.options.data;
    const auto problems =
        task_problems(*find_task(data.task), data.symbols, {length, length}, Part::test, options.test_count);
    const std::unique_ptr<Model> model = restore_model(load_run(best), best);
    search.test_exact = evaluate(model->decoder(1, stop_if_interrupted), problems).total.exact_rate();
  }
  return search;
}

std::string stage_folder(const std::string& folder, const CapacityGoal& goal) {
  return folder + "-length" + std::to_string(goal.length) + (goal.exact == kRemembers ? "" : "-half");
}

class StageRun {
 public:
  /// `weights`: the checkpoint to start from, unless the folder has one of its own; empty: none.
  StageRun(const CapacitySearch& search, const CapacityGoal& goal, const CapacityOptions& options,
           const std::string& folder, const std::string& weights)
      : goal_(goal), options_(search.options), silent_(true) {
    options_.data.train_length = stage_lengths(goal.length);
    const Task& task = *find_task(options_.data.task);
    problems_ =
        task_problems(task, options_.data.symbols, {goal.length, goal.length}, Part::validation, options.test_count);
    make_folder(folder);
    lock_.emplace(folder);
    const std::string last = folder + '/' + kLastCheckpoint;
    std::optional<SavedRun> saved;
    if (fs::exists(last)) {
      saved = load_run(last);
    }
    dataset_ = open_dataset(options_);
    trainer_ = std::make_unique<Trainer>(options_, *dataset_, folder, silent_, "", saved ? &*saved : nullptr);
    if (!saved && !weights.empty()) {
      trainer_->model().network().load_state_dict(load_run(weights).checkpoint.model);
    }
  }

  /// Trains to the goal, to the plateau, or until no seconds are left. Measures at the steps of validations only, so
  /// that a stage ends at the same step however often it was interrupted. Throws Interrupted.
  CapacityStage run(const std::function<double()>& seconds_left, const CapacityListener& listener) {
    const int64_t every = options_.training.valid_every;
    CapacityStage stage{.length = goal_.length, .goal = goal_.exact};
    bool ended = false;
    for (int64_t stop = (trainer_->step() + every - 1) / every * every; !ended; stop += every) {
      const Trainer::Ending ending = trainer_->run(stop, seconds_left());
      if (ending == Trainer::Ending::interrupted) {
        throw Interrupted();
      }
      if (trainer_->step() == 0) {
        continue;
      }
      if (ending == Trainer::Ending::stopped && trainer_->step() < stop) {
        break;  // out of time
      }
      stage.exact = measured();
      listener(stage.length, trainer_->step(), stage.exact);
      ended = ending == Trainer::Ending::finished || stage.exact >= stage.goal || seconds_left() <= 0;
    }
    stage.converged = trainer_->state().plateau.converged && stage.exact < stage.goal;
    stage.steps = trainer_->step();
    stage.examples = trainer_->state().examples;
    stage.seconds = trainer_->seconds();
    return stage;
  }

 private:
  /// The share exact of the problems; an interruption inside is one right after the last step. One that reaches the
  /// goal is measured again with problems that were never used, since of hundreds of measurements with the same
  /// problems some are lucky.
  double measured() {
    const double exact = evaluate(trainer_->model().decoder(1, stop_if_interrupted), problems_).total.exact_rate();
    if (exact < goal_.exact) {
      return exact;
    }
    const auto fresh =
        task_problems(*find_task(options_.data.task), options_.data.symbols, {goal_.length, goal_.length},
                      Part::validation, static_cast<int64_t>(problems_.size()), trainer_->step());
    return evaluate(trainer_->model().decoder(1, stop_if_interrupted), fresh).total.exact_rate();
  }

  std::optional<FolderLock> lock_;
  CapacityGoal goal_;
  RunOptions options_;
  Progress silent_;
  std::vector<Problem> problems_;
  std::unique_ptr<Dataset> dataset_;
  std::unique_ptr<Trainer> trainer_;
};

}  // namespace

Json stages_json(const std::vector<CapacityStage>& stages) {
  Json json = Json::array();
  for (const CapacityStage& stage : stages) {
    json.push_back({{"length", stage.length},
                    {"goal", stage.goal},
                    {"exact", stage.exact},
                    {"converged", stage.converged},
                    {"steps", stage.steps},
                    {"examples", stage.examples},
                    {"seconds", stage.seconds}});
  }
  return json;
}

LengthRange stage_lengths(int64_t length) { return {(length + 1) / 2, length}; }

SearchProgress progress_of(CapacitySearch search, const CapacityOptions& options, const std::string& folder) {
  const std::string own = trial_folder(folder, search.name);
  read_search(search, own);
  SearchProgress progress;
  for (const CapacityStage& stage : search.stages) {
    progress.steps += stage.steps;
  }
  const std::optional<CapacityGoal> next = capacity_found(search.stages, lengths_of(search, options)).next;
  progress.at_end = !next;
  const std::string last = next ? stage_folder(own, *next) + '/' + kLastCheckpoint : "";
  if (next && fs::exists(last)) {
    const int64_t steps = load_run(last).checkpoint.progress.step;
    progress.at_end = steps >= search.options.training.max_steps;
    progress.steps += steps;
  }
  return progress;
}

CapacitySearch run_search(CapacitySearch search, const CapacityOptions& options, const std::string& folder,
                          const std::function<double()>& seconds_left, const CapacityListener& listener) {
  const std::string own = trial_folder(folder, search.name);
  make_folder(own);
  const FolderLock lock(own);
  read_search(search, own);
  const CapacityLengths lengths = lengths_of(search, options);
  search.found = capacity_found(search.stages, lengths);
  std::string before = search.stages.empty() ? "" : stage_folder(own, goal_of(search.stages.back()));
  for (const CapacityStage& stage : search.stages) {  // what a process left that was killed before it removed them
    if (const std::string earlier = stage_folder(own, goal_of(stage)); earlier != before) {
      remove_stage(earlier);
    }
  }
  while (search.found.next && seconds_left() > 0) {
    const CapacityGoal goal = *search.found.next;
    const std::string here = stage_folder(own, goal);
    const std::string weights = before.empty() ? "" : before + '/' + kLastCheckpoint;
    const CapacityStage stage = StageRun(search, goal, options, here, weights).run(seconds_left, listener);
    search.stages.push_back(stage);
    search.found = capacity_found(search.stages, lengths);
    if (stage.exact < stage.goal && !stage.converged) {
      return tested(search, options, own);  // cut off: the folder of the stage stays
    }
    if (stage.exact >= kRemembers) {  // also where half of that was the goal
      heed::write_file(own + '/' + kBestCheckpoint, heed::read_file(here + '/' + kLastCheckpoint));
    }
    write_search(search, own);
    remove_stage(before);
    before = here;
  }
  if (!search.found.next) {
    remove_stage(before);
  }
  return tested(search, options, own);
}

}  // namespace remember
