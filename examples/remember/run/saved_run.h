// What a checkpoint of remember holds besides parameters and optimiser state, and how a model is loaded from it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <heed/nn/core/checkpoint.h>
#include <heed/nn/optim/optimizer.h>

#include "data/dataset.h"
#include "run/model.h"
#include "run/options.h"
#include "run/plateau.h"

namespace remember {

/// The names of the checkpoints in a run's folder.
inline constexpr const char* kLastCheckpoint = "last.npz";
inline constexpr const char* kBestCheckpoint = "best.npz";

/// What does not change during a run.
struct RunDescription {
  RunOptions options;
  Vocabulary source_vocabulary;
  Vocabulary target_vocabulary;
  uint64_t fingerprint = 0;  ///< of the data
  int64_t asked_steps = 0;   ///< `options.training.steps` are those of them that fitted into the time; 0: they are all
};

/// What changes during a run, besides the step. No times: equal runs have equal checkpoints.
struct RunState {
  double loss_sum = 0;  ///< over the steps since the last line of metrics
  int64_t loss_steps = 0;
  double exact = -1;  ///< of the last validation; -1 before the first
  double best_exact = -1;
  int64_t best_step = 0;
  int64_t examples = 0;       ///< seen in training
  int64_t multiply_adds = 0;  ///< of the updates; below 0: not counted from the start
  Plateau plateau;
};

std::string to_text(const RunDescription& description);
/// The description. Throws heed::ValueError where a checkpoint with it could not be read again: it holds all words of
/// the data.
RunDescription readable(RunDescription description);
std::string to_text(const RunState& state);

/// The description in a checkpoint. Throws heed::FileError naming `path` unless remember wrote it.
RunDescription read_description(const heed::TrainingProgress& progress, const std::string& path);
RunState read_state(const heed::TrainingProgress& progress, const std::string& path);

struct SavedRun {
  RunDescription description;
  RunState state;
  heed::Checkpoint checkpoint;
};

/// `path` itself, or the checkpoint `name` in it if it is a folder. If that does not exist, throws heed::FileError,
/// which lists the checkpoints that do.
std::string checkpoint_file(const std::string& path, const std::string& name);
/// Throws heed::FileError, which names `path`; also for a number that is not finite, which no run saves. The
/// file is compared with what it describes before its tensors are read.
SavedRun load_run(const std::string& path);
/// Throws heed::FileError, which names the file `data`, unless the dataset is that of the run.
void require_same_data(const SavedRun& run, const Dataset& dataset, const std::string& data);
/// Restores the state of training. Throws heed::FileError, which names `path`, if it does not fit, with nothing
/// changed.
void restore_training(const SavedRun& run, const std::string& path, heed::Module& model, heed::Optimizer& optimizer);
/// The model with its parameters. Throws heed::FileError if they do not fit the description.
std::unique_ptr<Model> restore_model(const SavedRun& run, const std::string& path);

}  // namespace remember
