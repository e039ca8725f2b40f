// Chooses problems: see validation_problems.h.
#include "run/validation_problems.h"

#include <algorithm>

#include "data/task.h"
#include "data/task_data.h"

namespace remember {

namespace {

/// The most per validation: files of pairs may hold out more, tasks hold out 200 (task_data.h).
constexpr size_t kValidationProblems = 500;
/// Number of those of the longest length: as many as of all lengths.
constexpr int64_t kLongestProblems = 200;

/// At most `count` of the problems, evenly spaced, because the list may be sorted.
std::vector<Problem> evenly_spaced(const std::vector<Problem>& problems, size_t count) {
  count = std::min(count, problems.size());
  std::vector<Problem> chosen;
  for (size_t i = 0; i < count; ++i) {
    chosen.push_back(problems[i * problems.size() / count]);
  }
  return chosen;
}

}  // namespace

std::vector<Problem> validation_problems(const Dataset& dataset) {
  return evenly_spaced(dataset.validation(), kValidationProblems);
}

LongestProblems longest_problems(const DataOptions& data) {
  const Task* task = find_task(data.task);
  if (task == nullptr) {
    return {};
  }
  const int64_t length = lengths_in_steps(*task, data.symbols, data.train_length).max * task->length_step;
  return {length, task_problems(*task, data.symbols, {length, length}, Part::validation, kLongestProblems)};
}

}  // namespace remember
