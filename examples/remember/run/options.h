// The options of a training run: model, data and training.
#pragma once

#include <cstdint>
#include <string>

#include "data/length_range.h"

namespace remember {

struct ModelOptions {
  std::string cell = "lstm";  ///< of encoder and decoder: encoder_names() (network.h)
  bool bidirectional = false;
  std::string attention = "none";        ///< none, or one of attention_names()
  std::string positions = "sinusoidal";  ///< transformer: position_names()
  int64_t heads = 1;                     ///< transformer
  int64_t hidden = 128;
  int64_t embedding = 0;  ///< 0: as hidden
  int64_t layers = 1;
  double dropout = 0;
  bool reverse_source = false;  ///< feed the source backwards
  bool source_marks = true;     ///< feed the source as <s> x1 … xn </s>
  friend bool operator==(const ModelOptions&, const ModelOptions&) = default;
};

bool is_transformer(const ModelOptions& options);

/// Whether the model has attention, as transformers do.
bool attends(const ModelOptions& options);

struct DataOptions {
  std::string task = "reverse";  ///< a task's name, or "pairs"
  int64_t symbols = 26;
  LengthRange train_length = {5, 20};
  int64_t train_size = 0;              ///< number of different training examples; 0: new ones in every step
  int64_t grow_lengths = 0;            ///< steps over which the longest length grows from the shortest
  std::string data;                    ///< pairs: the training file
  std::string valid;                   ///< pairs: the validation file, or empty
  std::string test;                    ///< pairs: the test file, or empty
  std::string source_tokens = "auto";  ///< pairs: auto, space or char
  std::string target_tokens = "auto";
  friend bool operator==(const DataOptions&, const DataOptions&) = default;
};

struct TrainingOptions {
  std::string until = "steps";  ///< steps: `steps` updates; plateau: until validation stops improving (plateau.h)
  int64_t steps = 2000;
  int64_t patience = 6;         ///< plateau: validations without improvement before the rate is lowered
  int64_t max_steps = 100'000;  ///< plateau: the most updates
  int64_t batch = 64;
  double learning_rate = 2e-3;
  std::string schedule = "cosine";  ///< steps: constant or cosine, after the warm-up
  int64_t warmup = 100;
  double clip = 1;
  double teacher_forcing = 1;
  double label_smoothing = 0;
  uint64_t seed = 1;
  int64_t valid_every = 250;
  int64_t checkpoint_every = 500;
  int64_t keep = 0;             ///< older last checkpoints to keep
  bool detect_anomaly = false;  ///< find the operation that makes the first value that is not finite
  friend bool operator==(const TrainingOptions&, const TrainingOptions&) = default;
};

/// Whether training ends at a plateau, not after a fixed number of steps.
bool until_plateau(const TrainingOptions& options);
/// The most updates that training makes.
int64_t most_steps(const TrainingOptions& options);
/// The option that bounds them.
const char* steps_option(const TrainingOptions& options);

struct RunOptions {
  ModelOptions model;
  DataOptions data;
  TrainingOptions training;
  friend bool operator==(const RunOptions&, const RunOptions&) = default;
};

/// Whether sources are split into characters, not at spaces.
bool reads_characters(const DataOptions& options);

/// Throws UsageError naming the option for the first value that is wrong (run_option.h) or does not fit the others.
void validate(const RunOptions& options);

}  // namespace remember
