// Reports of runs: see run_report.h.
#include "report/run_report.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>

#include <heed/tensor/file.h>

#include "data/task.h"
#include "report/learning_curves.h"
#include "report/number.h"
#include "report/report_example.h"
#include "report/results.h"
#include "run/model_spec.h"
#include "run/options_json.h"
#include "run/saved_run.h"
#include "run/trainer.h"
#include "run/trial.h"

namespace remember {

namespace {

using Json = nlohmann::ordered_json;

std::string value_text(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// The options that are the same in all runs, by their place in results.json: "training / steps".
std::vector<std::pair<std::string, std::string>> common_settings(const std::vector<RunOptions>& runs) {
  std::vector<std::pair<std::string, std::string>> settings;
  const Json first = Json(runs.front()).flatten();
  for (const auto& [path, value] : first.items()) {
    const bool common = std::all_of(runs.begin(), runs.end(), [&](const RunOptions& run) {
      const Json other = Json(run).flatten();
      return other.contains(path) && other.at(path) == value;
    });
    if (common && value_text(value) != "") {
      std::string name = path.substr(1);
      for (size_t at = name.find('/'); at != std::string::npos; at = name.find('/', at + 3)) {
        name.replace(at, 1, " / ");
      }
      std::replace(name.begin(), name.end(), '_', ' ');
      settings.emplace_back(name, value_text(value));
    }
  }
  return settings;
}

std::string spread_text(const Spread& spread, size_t runs) {
  const std::string mean = percent(spread.mean);
  return runs < 2 ? mean : mean + " (" + fixed(100 * spread.least, 1) + "-" + fixed(100 * spread.most, 1) + ')';
}

std::string task_title(const RunResult& run) {
  const DataOptions& data = run.options.data;
  return data.task == "pairs" ? std::string("pairs") : data.task;
}

ReportTable exact_table(const std::vector<ModelResult>& models) {
  const RunResult& first = *models.front().runs.front();
  const LengthRange& trained = first.options.data.train_length;
  const size_t seeds = models.front().runs.size();
  ReportTable table;
  table.title = task_title(first) + ": outputs right as a whole, by length of the input";
  table.note = "Decoded free-running, the end mark included. Trained on lengths " + to_string(trained) + "; " +
               grouped(first.test_count) + " tests a length" +
               (seeds > 1 ? "; mean and range of " + std::to_string(seeds) + " seeds" : "") +
               ". * longer than anything trained on.";
  table.header = {"model"};
  for (const LengthScore& entry : first.scores) {
    table.header.push_back(to_string(entry.length) + (entry.length.max > trained.max ? "*" : ""));
  }
  table.header.insert(table.header.end(), {"parameters", "time"});
  for (const ModelResult& model : models) {
    std::vector<ReportCell> row = {{model.model}};
    for (size_t i = 0; i < first.scores.size(); ++i) {
      const Spread spread = exact_spread(model, i);
      row.push_back({spread_text(spread, model.runs.size()), spread.mean});
    }
    double seconds = 0;
    for (const RunResult* run : model.runs) {
      seconds += run->cost.seconds / static_cast<double>(model.runs.size());
    }
    row.push_back({grouped(model.runs.front()->parameters)});
    row.push_back({clock(seconds)});
    table.rows.push_back(std::move(row));
  }
  return table;
}

ReportChart accuracy_chart(const std::vector<ModelResult>& models) {
  const RunResult& first = *models.front().runs.front();
  ReportChart chart;
  chart.title = task_title(first) + ": outputs right as a whole";
  chart.x_title = "length of the input";
  chart.y_title = "exact outputs";
  chart.percent = true;
  chart.mark = static_cast<double>(first.options.data.train_length.max);
  chart.mark_name = "longest trained";
  for (const ModelResult& model : models) {
    ReportLine line;
    line.name = model.model;
    for (size_t i = 0; i < first.scores.size(); ++i) {
      const Spread spread = exact_spread(model, i);
      const LengthRange& length = first.scores[i].length;
      line.x.push_back(static_cast<double>(length.min + length.max) / 2);
      line.y.push_back(spread.mean);
      if (model.runs.size() > 1) {
        line.low.push_back(spread.least);
        line.high.push_back(spread.most);
      }
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

/// Runs whose models are to be shown beside each other, each with its name and folder.
struct ShownRun {
  std::string name;
  RunOptions options;
  std::string folder;
};

std::vector<ReportExample> examples_of(const std::vector<ShownRun>& runs, const std::vector<LengthRange>& lengths) {
  std::vector<std::unique_ptr<Model>> kept;
  std::vector<std::pair<std::string, Model*>> models;
  for (const ShownRun& run : runs) {
    const std::string path = run.folder + '/' + kBestCheckpoint;
    kept.push_back(restore_model(load_run(path), path));
    models.emplace_back(run.name, kept.back().get());
  }
  std::vector<ReportExample> examples;
  for (const ExampleProblem& problem : example_problems(runs.front().options, lengths)) {
    examples.push_back(report_example(problem, runs.front().options.data, models));
  }
  return examples;
}

/// The longest length up to `length` that the task has; the shortest it has if there is none.
int64_t shown_length(const DataOptions& data, int64_t length) {
  const Task* task = find_task(data.task);
  const int64_t step = task == nullptr ? 1 : task->length_step;
  return std::max(step, length / step * step);
}

/// One task's part of a comparison.
void add_task(Report& report, const std::vector<ModelResult>& models, const std::string& folder) {
  std::vector<ShownRun> shown;
  std::vector<CurveSource> sources;
  for (const ModelResult& model : models) {
    shown.push_back({model.model, model.runs.front()->options, trial_folder(folder, model.runs.front()->name)});
    for (const RunResult* run : model.runs) {
      sources.push_back({model.model, trial_folder(folder, run->name) + '/' + kMetricsFile});
    }
  }
  const RunResult& first = *models.front().runs.front();
  report.tables.push_back(exact_table(models));
  report.accuracy.push_back(accuracy_chart(models));
  std::ranges::move(learning_curves(task_title(first), sources), std::back_inserter(report.curves));
  std::vector<LengthRange> lengths;
  for (const LengthScore& entry : first.scores) {
    lengths.push_back(entry.length);
  }
  std::ranges::move(examples_of(shown, lengths), std::back_inserter(report.examples));
}

}  // namespace

Report comparison_report(const std::string& title, const std::vector<RunResult>& results, const std::string& folder) {
  Report report;
  report.title = title;
  const std::vector<ModelResult> models = group_by_model(results);
  for (auto begin = models.begin(); begin != models.end();) {
    const auto end = std::find_if(begin, models.end(), [&](const ModelResult& m) { return m.task != begin->task; });
    add_task(report, {begin, end}, folder);
    begin = end;
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
      "Best checkpoint, decoded free-running. Exact: right as a whole, the end mark included. Tokens: places that "
      "are right. Prefix: the part before the first error.";
  table.header = {"model", "exact", "tokens", "prefix", "edits a token"};
  table.rows = {{{name},
                 {percent(score.exact_rate()), score.exact_rate()},
                 {percent(score.token_rate()), score.token_rate()},
                 {percent(score.prefix_rate()), score.prefix_rate()},
                 {fixed(100 * score.edit_rate(), 1) + " %"}}};
  report.tables = {table};
  report.curves = learning_curves(name, {{name, folder + '/' + kMetricsFile}});
  const LengthRange& trained = options.data.train_length;
  const int64_t middle = shown_length(options.data, (trained.min + trained.max) / 2);
  const int64_t longest = shown_length(options.data, trained.max);
  report.examples = examples_of({{name, options, folder}}, {{middle, middle}, {longest, longest}});
  report.settings = common_settings({options});
  return report;
}

std::string write_report(const Report& report, const std::string& folder) {
  const std::string path = folder + '/' + kReportFile;
  heed::write_file(path, report_html(report));
  return path;
}

}  // namespace remember
