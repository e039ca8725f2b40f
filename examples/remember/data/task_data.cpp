// TaskData: see task_data.h.
#include "data/task_data.h"

#include <utility>

#include "data/token_hash.h"

namespace remember {

namespace {

/// Streams of random numbers; those of training are numbered by the step.
constexpr uint64_t kTrainingStream = uint64_t{1} << 62;
constexpr uint64_t kProblemStream = uint64_t{1} << 61;
/// One source in so many is kept for validation, and as many for tests.
constexpr uint64_t kShare = 16;
/// Fewer different sources than this are not shared out.
constexpr double kEnoughSources = 10'000;

}  // namespace

bool belongs_to(const Task& task, int64_t symbols, const Tokens& source, Part part) {
  if (task.sources(static_cast<int64_t>(source.size()), symbols) < kEnoughSources) {
    return true;
  }
  const uint64_t share = hash_tokens(source) % kShare;
  const Part home = share == 0 ? Part::test : share == 1 ? Part::validation : Part::training;
  return home == part;
}

Example draw_example(const Task& task, int64_t symbols, const LengthRange& lengths, Part part,
                     heed::Generator& generator) {
  const int64_t length = lengths.min + generator.below(lengths.max - lengths.min + 1);
  while (true) {
    Tokens source = task.source(length, symbols, generator);
    if (belongs_to(task, symbols, source, part)) {
      Tokens target = task.answer(source);
      return {std::move(source), std::move(target)};
    }
  }
}

std::vector<Problem> task_problems(const Task& task, int64_t symbols, const LengthRange& lengths, Part part,
                                   int64_t count) {
  const uint64_t seed = hash_bytes(std::string(task.name) + to_string(lengths), static_cast<uint64_t>(symbols));
  heed::Generator generator(seed, kProblemStream + static_cast<uint64_t>(part));
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
  source_vocabulary_ = Vocabulary::symbols(options.symbols);
  target_vocabulary_ = source_vocabulary_;
}

std::vector<Example> TaskData::batch(int64_t step) {
  heed::Generator generator(options_.seed, kTrainingStream + static_cast<uint64_t>(step));
  std::vector<Example> examples;
  examples.reserve(static_cast<size_t>(options_.batch));
  for (int64_t i = 0; i < options_.batch; ++i) {
    examples.push_back(draw_example(task_, options_.symbols, options_.train_length, Part::training, generator));
  }
  return examples;
}

}  // namespace remember
