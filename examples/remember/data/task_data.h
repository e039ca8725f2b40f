// TaskData: generated examples of a task. Training, validation and test share no source if there are enough different
// ones: the hash of a source decides to which of the three it belongs.
#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/length_range.h"
#include "data/task.h"

namespace remember {

enum class Part { training, validation, test };

/// Whether a source belongs to that part. True for every part if there are too few different sources of its length.
bool belongs_to(const Task& task, int64_t symbols, const Tokens& source, Part part);

/// The lengths in the range that the task has, in units of its length_step. Throws UsageError if there is none, or too
/// few symbols for the longest.
LengthRange lengths_in_steps(const Task& task, int64_t symbols, const LengthRange& lengths);

/// Of a training step, counted from 0: the longest length grows from the shortest over `grow` steps.
LengthRange lengths_at(const Task& task, const LengthRange& lengths, int64_t grow, int64_t step);

/// An example of that part. Its length is uniform over the lengths in `lengths` that the task has.
Example draw_example(const Task& task, int64_t symbols, const LengthRange& lengths, Part part,
                     heed::Generator& generator);

/// `count` problems of a part, the same for the same arguments. Another number of `draw` gives other ones.
std::vector<Problem> task_problems(const Task& task, int64_t symbols, const LengthRange& lengths, Part part,
                                   int64_t count, int64_t draw = 0);

struct TaskDataOptions {
  int64_t symbols = 26;
  LengthRange train_length = {5, 20};
  int64_t batch = 64;
  uint64_t seed = 1;
  int64_t train_size = 0;    ///< number of different training examples; 0: new ones in every step
  int64_t grow_lengths = 0;  ///< steps over which the longest length grows from the shortest
  int64_t validation_count = 200;
};

class TaskData : public Dataset {
 public:
  TaskData(const Task& task, const TaskDataOptions& options);

  std::vector<Example> batch(int64_t step) override;
  const std::vector<Problem>& validation() const override { return validation_; }
  uint64_t fingerprint() const override { return 0; }

 private:
  Example draw(const LengthRange& lengths, heed::Generator& generator) const;
  Example of_training_set(heed::Generator& generator) const;

  const Task& task_;
  TaskDataOptions options_;
  std::vector<Problem> validation_;
};

}  // namespace remember
