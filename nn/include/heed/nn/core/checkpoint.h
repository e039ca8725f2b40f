// Checkpoint: one .npz with everything a training run needs to go on as if it had never stopped.
//
//   save_checkpoint(path, capture(model, &optimizer, {{"data", &generator}}, {.step = step}));
//   …
//   const Checkpoint checkpoint = load_checkpoint(path);
//   restore(checkpoint, model, &optimizer, {{"data", &generator}});
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <heed/nn/core/module.h>
#include <heed/nn/optim/optimizer.h>
#include <heed/tensor/npz.h>
#include <heed/tensor/random.h>

namespace heed {

/// The program's part of the state of training.
struct TrainingProgress {
  int64_t step = 0;                ///< updates done; schedules need nothing else
  int64_t epoch = 0;               ///< passes through the data that are done
  int64_t position = 0;            ///< examples of this pass that were used
  StateDict data = {};             ///< the program's tensors: the order of this pass, a best score
  std::string configuration = {};  ///< the program's, as text (JSON, say); heed does not read it
  std::string metrics = {};        ///< likewise
};

/// Generators with the names they are saved under. "default" is the default generator's.
using NamedGenerators = std::vector<std::pair<std::string, Generator*>>;

struct Checkpoint {
  StateDict model = {};
  StateDict optimizer = {};
  std::vector<std::pair<std::string, GeneratorState>> generators = {};
  TrainingProgress progress = {};
};

/// The state as it is, of the optimiser unless null: tensors share storage with the model and the optimiser, so save it
/// before you continue. The default generator of this thread is always among the generators. Throws ValueError for a
/// generator name that is taken.
Checkpoint capture(const Module& model, const Optimizer* optimizer = nullptr, const NamedGenerators& generators = {},
                   TrainingProgress progress = {});

/// Writes an .npz with members "model.…", "optimizer.…", "generator.…", "data.…", "format" (2: options of the optimiser
/// are saved with its state; files of format 1 still load), "step", "epoch", "position", "configuration" and "metrics".
/// Replaces the file whole or not at all; equal states give equal bytes.
/// Throws FileError; ValueError for a name that NpzWriter::add does not take, and for what load_checkpoint() refuses: a
/// NaN among the values of model or optimiser, a configuration or metrics above 8 MiB.
void save_checkpoint(const std::string& path, const Checkpoint& checkpoint);

/// What a checkpoint holds, without the values of its tensors.
struct CheckpointOutline {
  std::vector<std::pair<std::string, TensorInfo>> model = {};
  std::vector<std::pair<std::string, TensorInfo>> optimizer = {};
  std::vector<std::pair<std::string, TensorInfo>> data = {};
  TrainingProgress progress = {};  ///< its `data` empty
};

/// Throws FileError, naming file and member, for a file that is invalid, not a checkpoint, written by a later version
/// of the format, or with a NaN among the values of model or optimiser. `accept`, if given, is called before any tensor
/// is read, and what it throws passes through: a program that knows what it wrote refuses there what has other names or
/// shapes. Without it a file can ask for as much memory as 100 times its size, and 1 MiB.
Checkpoint load_checkpoint(const std::string& path, const std::function<void(const CheckpointOutline&)>& accept = {});

/// Restores the state: of the model, the optimiser (unless null), the default generator of this thread and the named
/// ones. Throws ValueError when names or shapes do not fit, when the optimiser has other options than the one that was
/// saved (each is named), and for a generator that was not saved; nothing has changed then.
void restore(const Checkpoint& checkpoint, Module& model, Optimizer* optimizer = nullptr,
             const NamedGenerators& generators = {});

}  // namespace heed
