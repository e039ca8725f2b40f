// Reports of runs: see run_report.h.
#include "report/run_report.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <heed/tensor/file.h>
#include <heed/tensor/utf8.h>

#include "data/task.h"
#include "report/accuracy.h"
#include "report/how_soon.h"
#include "report/learning_curves.h"
#include "report/partly_tested.h"
#include "report/report_example.h"
#include "report/shown_models.h"
#include "run/model_spec.h"
#include "run/run_option.h"
#include "run/trainer.h"
#include "run/trial.h"
#include "text/number.h"
#include "text/words.h"

namespace remember {

namespace {

std::vector<ReportExample> examples_of(const std::vector<ShownModel>& models, const std::vector<LengthRange>& lengths) {
  std::vector<ReportExample> examples;
  for (const ExampleProblem& problem : example_problems(models, lengths)) {
    examples.push_back(report_example(problem, models));
  }
  return examples;
}

/// The task's longest length up to `length`; its shortest length if there is none.
int64_t shown_length(const DataOptions& data, int64_t length) {
  const Task* task = find_task(data.task);
  if (task == nullptr) {
    return length;
  }
  const int64_t step = task->length_step;
  return std::max({step, task->shortest, length / step * step});
}

/// Adds one task of a comparison.
void add_task(Report& report, const std::vector<ModelResult>& models, const std::string& folder) {
  report.tables.push_back(accuracy_table(models));
  if (ReportTable how_soon = how_soon_table(models); !how_soon.rows.empty()) {
    report.tables.push_back(std::move(how_soon));
  }
  if (ReportChart accuracy = accuracy_chart(models); !accuracy.lines.empty()) {
    report.accuracy.push_back(std::move(accuracy));
  }
  std::ranges::move(learning_curves(models.front().task, curve_sources(models, folder)),
                    std::back_inserter(report.curves));
  for (const std::vector<ModelResult>& group : group_by_lengths(models)) {
    std::vector<LengthRange> lengths;
    for (const LengthScore& entry : group.front().runs.front()->scores) {
      lengths.push_back(entry.length);
    }
    std::ranges::move(examples_of(load_shown(group, folder), lengths), std::back_inserter(report.examples));
  }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> common_settings(const std::vector<RunOptions>& runs) {
  std::vector<std::pair<std::string, std::string>> settings;
  for (const RunOption& option : run_options()) {
    const OptionValue value = value_of(option, runs.front());
    const std::string text = heed::escape_invalid_utf8(to_string(value));
    const bool common =
        std::all_of(runs.begin(), runs.end(), [&](const RunOptions& run) { return value_of(option, run) == value; });
    const bool used =
        option.on_resume != OnResume::free && std::any_of(runs.begin(), runs.end(), option.use.has_effect);
    if (common && used && !text.empty()) {
      std::string key = option.key;
      std::replace(key.begin(), key.end(), '_', ' ');
      settings.emplace_back(option.group + " / " + key, text);
    }
  }
  return settings;
}

Report comparison_report(const std::string& title, const std::vector<RunResult>& results, const std::string& folder) {
  Report report;
  report.title = title;
  if (const std::vector<std::string> lines = partly_tested(results); !lines.empty()) {
    report.introduction = {"Tested in part: " + joined(lines, "; ") + '.'};
  }
  for (const std::vector<ModelResult>& models : group_by_task(results)) {
    add_task(report, models, folder);
  }
  std::vector<RunOptions> options;
  for (const RunResult& result : results) {
    options.push_back(result.options);
  }
  report.settings = common_settings(options);
  return report;
}

Report training_report(const RunOptions& options, const Score& score, const std::string& folder) {
  const std::string name = model_name(options.model);
  Report report;
  report.title = name + " learns " + (options.data.task == "pairs" ? "pairs" : "to " + options.data.task);
  ReportTable table;
  table.title = "On " + grouped(score.problems) + " held-out sources";
  table.note =
      "Best checkpoint, free-running. Exact: outputs right in full, end token included. Tokens: positions that are "
      "right. Prefix: share before the first error.";
  table.header = {"model", "exact", "tokens", "prefix", "edits per token"};
  table.rows = {{{name},
                 {percent(score.exact_rate()), score.exact_rate()},
                 {percent(score.token_rate()), score.token_rate()},
                 {percent(score.prefix_rate()), score.prefix_rate()},
                 {fixed(100 * score.edit_rate(), 1) + " %"}}};
  report.tables = {table};
  report.curves = learning_curves(name, {{name, folder + '/' + kMetricsFile, options.training.batch}});
  const LengthRange& trained = options.data.train_length;
  const int64_t middle = shown_length(options.data, (trained.min + trained.max) / 2);
  const int64_t longest = shown_length(options.data, trained.max);
  std::vector<ShownModel> models;
  models.push_back(load_shown(name, options, folder));
  report.examples = examples_of(models, {{middle, middle}, {longest, longest}});
  report.settings = common_settings({options});
  return report;
}

std::string write_report(const Report& report, const std::string& folder) {
  std::string path = folder + '/' + kReportFile;
  heed::write_file(path, report_html(report));
  return path;
}

}  // namespace remember
