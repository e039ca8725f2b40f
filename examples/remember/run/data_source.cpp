// Makes datasets: see data_source.h.
#include "run/data_source.h"

#include "data/pairs_data.h"
#include "data/task_data.h"

namespace remember {

std::unique_ptr<Dataset> open_dataset(RunOptions& options) {
  DataOptions& data = options.data;
  const TrainingOptions& training = options.training;
  if (data.task != "pairs") {
    const TaskDataOptions task_options = {.symbols = data.symbols,
                                          .train_length = data.train_length,
                                          .batch = training.batch,
                                          .seed = training.seed,
                                          .train_size = data.train_size,
                                          .grow_lengths = data.grow_lengths};
    return std::make_unique<TaskData>(*find_task(data.task), task_options);
  }
  auto pairs = std::make_unique<PairsData>(PairsDataOptions{.data = data.data,
                                                            .valid = data.valid,
                                                            .source_cut = parse_cut(data.source_tokens, "--tokens"),
                                                            .target_cut = parse_cut(data.target_tokens, "--tokens"),
                                                            .batch = training.batch,
                                                            .seed = training.seed});
  data.source_tokens = to_string(pairs->source_cut());
  data.target_tokens = to_string(pairs->target_cut());
  return pairs;
}

}  // namespace remember
