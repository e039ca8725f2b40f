// TaskData: see task_data.h.
#include "data/task_data.h"

#include <algorithm>
#include <utility>

#include "data/token_hash.h"
#include "text/usage_error.h"

namespace remember {

namespace {

/// Streams of random numbers; the step is added to that of training.
constexpr uint64_t kTrainingStream = uint64_t{1} << 62;
constexpr uint64_t kProblemStream = uint64_t{1} << 61;
constexpr uint64_t kTrainingSetStream = uint64_t{1} << 59;
/// One source in kShare is for validation, one for tests.
constexpr uint64_t kShare = 16;
/// With fewer different sources than this, every part has all of them.
constexpr double kEnoughSources = 10'000;

/// The shortest length in the range that the task has, in units of its length_step.
int64_t first_step(const Task& task, const LengthRange& lengths) {
  return (std::max(lengths.min, task.shortest) + task.length_step - 1) / task.length_step;
}

}  // namespace

bool belongs_to(const Task& task, int64_t symbols, const Tokens& source, Part part) {
  const int64_t length = static_cast<int64_t>(source.size()) - task.uncounted;
  if (task.sources(length, symbols) < kEnoughSources) {
    return true;
  }
  const uint64_t share = hash_tokens(source) % kShare;
  const Part home = share == 0 ? Part::test : share == 1 ? Part::validation : Part::training;
  return home == part;
}

LengthRange lengths_in_steps(const Task& task, int64_t symbols, const LengthRange& lengths) {
  const int64_t step = task.length_step;
  const LengthRange steps = {first_step(task, lengths), lengths.max / step};
  const std::string from = task.shortest > step ? " from " + std::to_string(task.shortest) + " on" : "";
  require(steps.min <= steps.max, std::string(task.name) + ", lengths",
          "multiples of " + std::to_string(step) + from + ", or ranges with one in them", to_string(lengths));
  const int64_t longest = steps.max * step;
  int64_t enough = symbols;
  while (task.sources(longest, enough) < 1) {
    ++enough;
  }
  require(
      enough == symbols, "--symbols",
      "at least " + std::to_string(enough) + " for " + std::string(task.name) + " at length " + std::to_string(longest),
      symbols);
  return steps;
}

/// The range grows with the cube of the step, because learning on short sources takes most steps.
LengthRange lengths_at(const Task& task, const LengthRange& lengths, int64_t grow, int64_t step) {
  LengthRange range = lengths;
  if (step < grow) {
    const double part = static_cast<double>(step + 1) / static_cast<double>(grow);
    range.max = range.min + static_cast<int64_t>(static_cast<double>(range.max - range.min) * part * part * part);
    range.max = std::max(range.max, first_step(task, range) * task.length_step);
  }
  return range;
}

Example draw_example(const Task& task, int64_t symbols, const LengthRange& lengths, Part part,
                     heed::Generator& generator) {
  const LengthRange steps = lengths_in_steps(task, symbols, lengths);
  const int64_t length = task.length_step * (steps.min + generator.below(steps.max - steps.min + 1));
  while (true) {
    Tokens source = task.source(length, symbols, generator);
    if (belongs_to(task, symbols, source, part)) {
      Tokens target = task.answer(source);
      return {std::move(source), std::move(target)};
    }
  }
}

std::vector<Problem> task_problems(const Task& task, int64_t symbols, const LengthRange& lengths, Part part,
                                   int64_t count, int64_t draw) {
  const uint64_t seed = hash_bytes(std::string(task.name) + to_string(lengths), static_cast<uint64_t>(symbols));
  heed::Generator generator(seed + static_cast<uint64_t>(draw), kProblemStream + static_cast<uint64_t>(part));
  std::vector<Problem> problems;
  problems.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    Example example = draw_example(task, symbols, lengths, part, generator);
    problems.push_back({std::move(example.source), {std::move(example.target)}});
  }
  return problems;
}

TaskData::TaskData(const Task& task, const TaskDataOptions& options)
    : task_(task),
      options_(options),
      validation_(
          task_problems(task, options.symbols, options.train_length, Part::validation, options.validation_count)) {
  source_vocabulary_ = Vocabulary(task.tokens(options.symbols));
  target_vocabulary_ = source_vocabulary_;
}

std::vector<Example> TaskData::batch(int64_t step) {
  heed::Generator generator(options_.seed, kTrainingStream + static_cast<uint64_t>(step));
  std::vector<Example> examples;
  examples.reserve(static_cast<size_t>(options_.batch));
  for (int64_t i = 0; i < options_.batch; ++i) {
    examples.push_back(options_.train_size == 0
                           ? draw(lengths_at(task_, options_.train_length, options_.grow_lengths, step), generator)
                           : of_training_set(generator));
  }
  return examples;
}

Example TaskData::draw(const LengthRange& lengths, heed::Generator& generator) const {
  return draw_example(task_, options_.symbols, lengths, Part::training, generator);
}

/// One of the `train_size` examples, generated again from its number.
Example TaskData::of_training_set(heed::Generator& generator) const {
  const auto number = static_cast<uint64_t>(generator.below(options_.train_size));
  heed::Generator its_own(options_.seed, kTrainingSetStream + number);
  return draw(options_.train_length, its_own);
}

}  // namespace remember
