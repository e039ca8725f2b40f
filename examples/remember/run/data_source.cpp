// Makes datasets: see data_source.h.
#include "run/data_source.h"

#include <map>
#include <mutex>
#include <string>

#include "data/pairs_data.h"
#include "data/task_data.h"
#include "system/interrupt.h"

namespace remember {

namespace {

/// Reads each file once, on the first thread that needs it.
std::shared_ptr<const PairsText> text_of(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const PairsText>> texts;
  const std::lock_guard lock(mutex);
  std::shared_ptr<const PairsText>& text = texts[path];
  if (text == nullptr) {
    text = std::make_shared<const PairsText>(heed::read_pair_lines(path, stop_if_interrupted));
  }
  return text;
}

}  // namespace

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
                                                            .test = data.test,
                                                            .source_cut = parse_cut(data.source_tokens, "--tokens"),
                                                            .target_cut = parse_cut(data.target_tokens, "--tokens"),
                                                            .batch = training.batch,
                                                            .seed = training.seed,
                                                            .read = text_of});
  data.source_tokens = to_string(pairs->source_cut());
  data.target_tokens = to_string(pairs->target_cut());
  return pairs;
}

}  // namespace remember
