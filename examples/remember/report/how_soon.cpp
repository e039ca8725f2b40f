// How soon: see how_soon.h.
#include "report/how_soon.h"

#include <algorithm>

#include "data/task.h"
#include "report/spread.h"
#include "text/number.h"

namespace remember {

namespace {

constexpr double kBillion = 1e9;

std::string billions(double count) {
  const double value = count / kBillion;
  return value < 99.95 ? fixed(value, 1) : grouped(static_cast<int64_t>(value + 0.5));
}

/// The row of one model and level; seeds that did not come that far are counted.
std::vector<ReportCell> row_of(const ModelResult& model, double level) {
  std::vector<double> examples, seconds, multiply_adds;
  for (const RunResult* run : model.runs) {
    if (const Reached* reached = reached_at(*run, level)) {
      examples.push_back(static_cast<double>(reached->examples));
      seconds.push_back(reached->seconds);
      multiply_adds.push_back(reached->multiply_adds);
    }
  }
  const std::string name = shown_name(model), until = fixed(100 * level, 0) + " %";
  if (examples.empty()) {
    return {{name}, {until}, {"not reached"}, {""}, {""}};
  }
  const std::string some = std::to_string(examples.size()) + " of " + std::to_string(model.runs.size()) + ": ";
  return {{name},
          {until},
          {(examples.size() < model.runs.size() ? some : "") + count_spread(examples)},
          {spread_text(seconds, clock)},
          {spread_of(multiply_adds).most > 0 ? spread_text(multiply_adds, billions) : ""}};
}

}  // namespace

ReportTable how_soon_table(const std::vector<ModelResult>& models) {
  const RunResult& first = *models.front().runs.front();
  ReportTable table;
  table.title = first.options.data.task + ": what it took to learn";
  table.note = "Training until so many outputs of the longest trained length were first exact in validation" +
               std::string(models.front().runs.size() > 1 ? "; mean and range of the seeds that came that far." : ".");
  table.header = {"model", "exact", "examples", "time", "10⁹ multiply-adds"};
  const auto says = [](const RunResult* run) { return run->converged || !run->reached.empty(); };
  for (const ModelResult& model : models) {
    if (std::any_of(model.runs.begin(), model.runs.end(), says)) {
      for (const double level : kReachedLevels) {
        if (level > chance(first.options.data.task, first.options.data.symbols)) {
          table.rows.push_back(row_of(model, level));
        }
      }
    }
  }
  return table;
}

}  // namespace remember
