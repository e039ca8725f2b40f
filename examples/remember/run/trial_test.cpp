// Tests a trial's best checkpoint: see trial_test.h.
#include "run/trial_test.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <limits>
#include <memory>

#include "data/task_data.h"
#include "data/token_hash.h"
#include "run/data_source.h"
#include "run/saved_run.h"
#include "run/trainer.h"
#include "system/interrupt.h"

namespace remember {

namespace {

/// Sources of so many tokens are decoded at a time, which bounds the memory.
constexpr size_t kTokensAtOnce = 16'384;
/// Begins with so few, in order to know how long they take.
constexpr size_t kFirst = 2;
/// Fewer say nothing.
constexpr size_t kFewest = 10;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void append(Evaluation& sum, Evaluation part) {
  sum.total += part.total;
  for (const auto& [length, score] : part.by_length) {
    sum.by_length[length] += score;
  }
  sum.by_position.resize(std::max(sum.by_position.size(), part.by_position.size()));
  for (size_t i = 0; i < part.by_position.size(); ++i) {
    sum.by_position[i].right += part.by_position[i].right;
    sum.by_position[i].answers += part.by_position[i].answers;
  }
  std::move(part.outputs.begin(), part.outputs.end(), std::back_inserter(sum.outputs));
}

/// Thrown inside a decode when the time for it is over.
struct TimeOver {};

/// Of the first of the problems, as many as fit into the time. Throws Interrupted, within one step of a decode.
Evaluation evaluate_within(Model& model, int64_t beam, const std::vector<Problem>& problems, double seconds) {
  const auto begin = std::chrono::steady_clock::now();
  const bool limited = seconds < std::numeric_limits<double>::infinity();
  size_t longest = 1;
  for (const Problem& problem : problems) {
    longest = std::max(longest, problem.source.size());
  }
  const size_t most = std::clamp<size_t>(kTokensAtOnce / longest, 1, 128);
  const Decoder decode = model.decoder(beam, [&] {
    stop_if_interrupted();
    if (limited && seconds_since(begin) >= seconds) {
      throw TimeOver();
    }
  });
  Evaluation sum;
  size_t at_once = limited ? std::min(kFirst, most) : most;
  for (size_t done = 0; done < problems.size();) {
    const size_t count = std::min(at_once, problems.size() - done);
    const double taken = seconds_since(begin);
    const double expected = done == 0 ? 0 : taken / static_cast<double>(done) * static_cast<double>(count);
    if (limited && taken + expected >= seconds) {
      break;
    }
    const auto first = problems.begin() + static_cast<std::ptrdiff_t>(done);
    try {
      append(sum, evaluate(decode, {first, first + static_cast<std::ptrdiff_t>(count)}));
    } catch (const TimeOver&) {
      break;
    }
    done += count;
    at_once = std::min(most, 2 * at_once);
  }
  return sum;
}

LengthScore measure(Model& model, std::vector<Problem> problems, const Task* task, int64_t beam, double seconds) {
  const Evaluation evaluation = evaluate_within(model, beam, problems, seconds);
  if (evaluation.outputs.size() < std::min(kFewest, problems.size())) {
    return {};
  }
  problems.resize(evaluation.outputs.size());
  LengthScore entry;
  entry.score = evaluation.total;
  entry.loss = model.mean_loss(readable(problems));
  entry.by_length = evaluation.by_length;
  entry.by_position = evaluation.by_position;
  if (task != nullptr) {
    entry.alignment = measure_alignment(*task, problems, evaluation.outputs, model.options().source_marks ? 1 : 0);
  }
  return entry;
}

/// Pairs as one entry. In the order of a hash: a file may be sorted, so that its first lines would say nothing of the
/// others.
LengthScore measure_pairs(Model& model, std::vector<Problem> problems, int64_t beam, double seconds) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) { return hash_tokens(a.source) < hash_tokens(b.source); });
  LengthScore entry = measure(model, std::move(problems), nullptr, beam, seconds);
  if (!entry.by_length.empty()) {
    entry.length = {entry.by_length.begin()->first, entry.by_length.rbegin()->first};
  }
  return entry;
}

}  // namespace

RunResult test_trial(const Trial& trial, const std::string& run_folder, double seconds) {
  const auto begin = std::chrono::steady_clock::now();
  const RunOptions& options = trial.options;
  const std::string path = run_folder + '/' + kBestCheckpoint;
  const SavedRun saved = load_run(path);
  const std::unique_ptr<Model> model = restore_model(saved, path);
  RunResult result;
  result.name = trial.name;
  result.options = options;
  result.model = trial.label;
  result.parameters = model->network().parameter_count();
  result.best_step = saved.checkpoint.progress.step;
  result.test_count = trial.test_count;
  result.beam = trial.beam;
  const Task* task = find_task(options.data.task);
  if (task == nullptr) {
    RunOptions data = options;
    const std::vector<Problem> problems = open_dataset(data)->test();
    result.test_count = static_cast<int64_t>(problems.size());
    result.scores.push_back(measure_pairs(*model, problems, trial.beam, seconds - seconds_since(begin)));
    return result;
  }
  for (size_t i = 0; i < trial.test_lengths.size(); ++i) {
    const LengthRange& length = trial.test_lengths[i];
    const double part = (seconds - seconds_since(begin)) / static_cast<double>(trial.test_lengths.size() - i);
    const auto problems = task_problems(*task, options.data.symbols, length, Part::test, trial.test_count);
    result.scores.push_back(measure(*model, problems, task, trial.beam, part));
    result.scores.back().length = length;
  }
  return result;
}

}  // namespace remember
