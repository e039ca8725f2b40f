// Accuracy by length: see accuracy.h.
#include "report/accuracy.h"

#include <algorithm>

#include "text/number.h"

namespace remember {

namespace {

bool beyond_training(const RunResult& run, const LengthScore& entry) {
  return entry.length.max > run.options.data.train_length.max;
}

/// "99.5 %", with the range when there are several runs: "99.5 % (99.0-99.9)".
std::string spread_text(const Spread& spread, size_t runs) {
  const std::string mean = percent(spread.mean);
  return runs < 2 ? mean : mean + " (" + fixed(100 * spread.least, 1) + "-" + fixed(100 * spread.most, 1) + ')';
}

std::vector<ReportCell> table_row(const ModelResult& model) {
  std::vector<ReportCell> row = {{model.model}};
  for (size_t i = 0; i < model.runs.front()->scores.size(); ++i) {
    const Spread spread = exact_spread(model, i);
    row.push_back({spread_text(spread, model.runs.size()), spread.mean});
  }
  double seconds = 0;
  for (const RunResult* run : model.runs) {
    seconds += run->cost.seconds / static_cast<double>(model.runs.size());
  }
  row.push_back({grouped(model.runs.front()->parameters)});
  row.push_back({clock(seconds)});
  return row;
}

ReportLine chart_line(const ModelResult& model) {
  ReportLine line;
  line.name = model.model;
  for (size_t i = 0; i < model.runs.front()->scores.size(); ++i) {
    const Spread spread = exact_spread(model, i);
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
               (seeds > 1 ? "; mean and range of " + std::to_string(seeds) + " seeds" : "") + '.' +
               (tested_beyond_training(first) ? " * longer than the training lengths." : "");
  table.header = {"model"};
  for (const LengthScore& entry : first.scores) {
    table.header.push_back(to_string(entry.length) + (beyond_training(first, entry) ? "*" : ""));
  }
  table.header.insert(table.header.end(), {"parameters", "time"});
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
  chart.mark = static_cast<double>(first.options.data.train_length.max);
  chart.mark_name = "longest training length";
  for (const ModelResult& model : models) {
    chart.lines.push_back(chart_line(model));
  }
  return chart;
}

}  // namespace remember
