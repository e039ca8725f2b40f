// Accuracy by length: see accuracy.h.
#include "report/accuracy.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "report/spread.h"
#include "text/number.h"

namespace remember {

namespace {

bool beyond_training(const RunResult& run, const LengthScore& entry) {
  return entry.length.max > run.options.data.train_length.max;
}

std::vector<double> of_runs(const ModelResult& model, double (*measure)(const RunResult&)) {
  std::vector<double> values;
  for (const RunResult* run : model.runs) {
    values.push_back(measure(*run));
  }
  return values;
}

std::vector<ReportCell> table_row(const ModelResult& model) {
  std::vector<ReportCell> row = {{model.model}};
  for (size_t i = 0; i < model.runs.front()->scores.size(); ++i) {
    const std::vector<double> rates = exact_rates(model, i);
    row.push_back({percent_spread(rates), spread_of(rates).mean});
  }
  row.push_back({ending(model)});
  row.push_back({count_spread(of_runs(model, [](const RunResult& run) { return static_cast<double>(run.examples); }))});
  row.push_back({grouped(model.runs.front()->parameters)});
  row.push_back({clock(spread_of(of_runs(model, [](const RunResult& run) { return run.cost.seconds; })).mean)});
  return row;
}

ReportLine chart_line(const ModelResult& model) {
  ReportLine line;
  line.name = shown_name(model);
  line.cut_off = cut_off(model);
  for (size_t i = 0; i < model.runs.front()->scores.size(); ++i) {
    const Spread spread = exact_spread(model, i);
    if (std::isnan(spread.mean)) {
      continue;
    }
    const LengthRange& length = model.runs.front()->scores[i].length;
    line.x.push_back(static_cast<double>(length.min + length.max) / 2);
    line.y.push_back(spread.mean);
    if (model.runs.size() > 1) {
      line.low.push_back(spread.least);
      line.high.push_back(spread.most);
    }
  }
  return line;
}

std::string chart_title(const RunResult& run) { return run.options.data.task + ": outputs right in full, by length"; }

}  // namespace

bool tested_beyond_training(const RunResult& run) {
  return std::any_of(run.scores.begin(), run.scores.end(),
                     [&run](const LengthScore& entry) { return beyond_training(run, entry); });
}

ReportTable accuracy_table(const std::vector<ModelResult>& models) {
  const RunResult& first = *models.front().runs.front();
  const size_t seeds = models.front().runs.size();
  ReportTable table;
  table.title = chart_title(first) + " of the input";
  table.note = "Free-running, end token included. Trained on lengths " + to_string(first.options.data.train_length) +
               "; " + grouped(first.test_count) + " tests per length" +
               (seeds > 1 ? "; mean and range of " + std::to_string(seeds) + " seeds: " + kDifferenceRule : "") + '.' +
               (tested_beyond_training(first) ? std::string(" ") + kBeyondTraining : "");
  table.header = {"model"};
  for (const LengthScore& entry : first.scores) {
    table.header.push_back(to_string(entry.length) + (beyond_training(first, entry) ? "*" : ""));
  }
  table.header.insert(table.header.end(), {"training", "examples", "parameters", "time"});
  for (const ModelResult& model : models) {
    table.rows.push_back(table_row(model));
  }
  return table;
}

ReportChart accuracy_chart(const std::vector<ModelResult>& models) {
  const RunResult& first = *models.front().runs.front();
  ReportChart chart;
  chart.title = chart_title(first);
  chart.x_title = "length of the input";
  chart.y_title = "exact outputs";
  chart.percent = true;
  const int64_t trained = first.options.data.train_length.max;
  if (std::all_of(models.begin(), models.end(), [trained](const ModelResult& model) {
        return model.runs.front()->options.data.train_length.max == trained;
      })) {
    chart.mark = static_cast<double>(trained);
    chart.mark_name = "longest training length";
  }
  for (const ModelResult& model : models) {
    if (ReportLine line = chart_line(model); !line.x.empty()) {  // empty: there was no time for tests
      chart.lines.push_back(std::move(line));
    }
  }
  return chart;
}

}  // namespace remember
