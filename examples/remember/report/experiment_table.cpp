// Writes experiments' tables: see experiment_table.h.
#include "report/experiment_table.h"

#include <algorithm>

#include <heed/tensor/text_stream.h>

#include "report/how_soon.h"
#include "report/partly_tested.h"
#include "report/run_report.h"
#include "report/spread.h"
#include "report/table.h"
#include "text/number.h"
#include "text/words.h"

namespace remember {

namespace {

/// The measure of one entry, as a rate or a loss.
double measured(Measure measure, const RunOptions& options, const LengthScore& entry) {
  switch (measure) {
    case Measure::token:
      return entry.score.token_rate();
    case Measure::prefix:
      return entry.score.prefix_rate();
    case Measure::wrong:
      return 1 - entry.score.exact_rate();
    case Measure::loss: {
      // per output, divided by the steps of the paper's network
      const double outputs = static_cast<double>(entry.score.positions) / static_cast<double>(entry.score.problems);
      const auto steps = static_cast<double>(entry.length.max + 20);
      return options.data.task == "recall" ? entry.loss * outputs / steps : entry.loss;
    }
    default:
      return entry.score.exact_rate();
  }
}

const char* name_of(Measure measure) {
  switch (measure) {
    case Measure::token:
      return "tokens right";
    case Measure::prefix:
      return "prefix right before the first error";
    case Measure::wrong:
      return "outputs wrong";
    case Measure::loss:
      return "loss";
    default:
      return "outputs right in full";
  }
}

using Runs = std::vector<const RunResult*>;

/// The run's score in that column; null if it was not tested there.
const LengthScore* entry_at(const RunResult& run, const std::string& column) {
  for (const LengthScore& entry : run.scores) {
    if (run.options.data.task == "pairs" || to_string(entry.length) == column) {
      return entry.score.problems > 0 ? &entry : nullptr;
    }
  }
  return nullptr;
}

ReportCell cell(Measure measure, const Runs& runs, const std::string& column) {
  std::vector<double> values;
  for (const RunResult* run : runs) {
    if (const LengthScore* entry = entry_at(*run, column)) {
      values.push_back(measured(measure, run->options, *entry));
    }
  }
  if (values.empty()) {
    return {""};
  }
  const auto number = [measure](double value) {
    return measure == Measure::loss ? fixed(value, 6) : fixed(100 * value, 2);
  };
  return {spread_text(values, number, measure == Measure::loss ? "" : " %"),
          measure == Measure::loss ? std::nullopt : std::optional(spread_of(values).mean)};
}

/// Share of steps whose largest weight is on the right source token, at the first test lengths.
std::string alignment_cell(const Runs& runs) {
  Alignment sum;
  for (const RunResult* run : runs) {
    sum += run->scores.front().alignment;
  }
  return sum.steps == 0 ? "" : percent(sum.hit_rate());
}

std::vector<std::string> columns_of(const std::vector<ModelResult>& models) {
  std::vector<std::string> columns;
  for (const ModelResult& model : models) {
    for (const LengthScore& entry : model.runs.front()->scores) {
      const std::string column = model.task == "pairs" ? "words" : to_string(entry.length);
      if (std::find(columns.begin(), columns.end(), column) == columns.end()) {
        columns.push_back(column);
      }
    }
  }
  return columns;
}

/// The columns after those of the measure.
std::vector<ReportCell> training_cells(const ModelResult& model) {
  std::vector<double> examples, seconds;
  for (const RunResult* run : model.runs) {
    examples.push_back(static_cast<double>(run->examples));
    seconds.push_back(run->cost.seconds);
  }
  const RunResult& first = *model.runs.front();
  return {{alignment_cell(model.runs)},
          {ending(model)},
          {count_spread(examples)},
          {grouped(first.parameters)},
          {clock(spread_of(seconds).mean)},
          {grouped(static_cast<int64_t>(first.cost.tokens_per_second))},
          {grouped(first.cost.peak_bytes >> 20) + " MiB"}};
}

ReportTable task_table(const Experiment& experiment, const std::vector<ModelResult>& models) {
  const std::vector<std::string> columns = columns_of(models);
  const Measure measure = measure_of(experiment, models.front().task);
  ReportTable table;
  table.title = models.front().task + ": " + name_of(measure) + ", by length" +
                (models.front().runs.size() > 1 ? "; mean and range over seeds" : "");
  table.header = {"model"};
  table.header.insert(table.header.end(), columns.begin(), columns.end());
  table.header.insert(table.header.end(),
                      {"attention right", "training", "examples", "parameters", "time", "tokens/s", "memory"});
  for (const ModelResult& model : models) {
    std::vector<ReportCell> row = {{model.model}};
    for (const std::string& column : columns) {
      row.push_back(cell(measure, model.runs, column));
    }
    const std::vector<ReportCell> others = training_cells(model);
    row.insert(row.end(), others.begin(), others.end());
    table.rows.push_back(row);
  }
  for (const Published& published : experiment.published) {
    if (published.task != models.front().task) {
      continue;
    }
    std::vector<ReportCell> row(table.header.size());
    row[0].text = published.label;
    for (const auto& [column, text] : published.figures) {
      const auto place = std::find(columns.begin(), columns.end(), column);
      if (place != columns.end()) {
        row[static_cast<size_t>(place - columns.begin()) + 1].text = text;
      }
    }
    table.rows.push_back(row);
  }
  return table;
}

void add_list(heed::TextStream& text, const std::string& title, const std::vector<std::string>& lines) {
  text << (lines.empty() ? "" : '\n' + title + '\n');
  for (const std::string& line : lines) {
    text << "  - " << line << '\n';
  }
}

/// What is to be known of runs that have not reached their plateau, which the tables mark; nothing without such runs.
std::vector<std::string> cut_off_note(const std::vector<RunResult>& results) {
  const auto cut = std::count_if(results.begin(), results.end(), [](const RunResult& run) { return !run.converged; });
  return cut == 0 ? std::vector<std::string>()
                  : std::vector{std::to_string(cut) + " of " + std::to_string(results.size()) +
                                " runs were cut off before their plateau, and might still improve"};
}

}  // namespace

std::vector<ReportTable> experiment_tables(const Experiment& experiment, const std::vector<RunResult>& results) {
  std::vector<ReportTable> tables;
  const std::vector<ModelResult> models = group_by_model(results);
  for (auto begin = models.begin(); begin != models.end();) {
    const auto end = std::find_if(begin, models.end(), [&](const ModelResult& m) { return m.task != begin->task; });
    tables.push_back(task_table(experiment, {begin, end}));
    if (ReportTable how_soon = how_soon_table({begin, end}); !how_soon.rows.empty()) {
      tables.push_back(std::move(how_soon));
    }
    begin = end;
  }
  return tables;
}

Report experiment_report(const Experiment& experiment, const std::vector<RunResult>& results,
                         const std::string& folder) {
  Report report = comparison_report(experiment.title, results, folder);
  report.introduction.insert(report.introduction.begin(), experiment.paper);
  const auto add = [&report](const std::string& title, const std::vector<std::string>& lines) {
    if (!lines.empty()) {
      report.introduction.push_back(title + ": " + joined(lines, "; ") + '.');
    }
  };
  add("Differences from the published setting", experiment.differences);
  add("Before their plateau", cut_off_note(results));
  add("Notes", experiment.notes);
  report.tables = experiment_tables(experiment, results);
  return report;
}

std::string experiment_text(const Experiment& experiment, const std::vector<RunResult>& results) {
  heed::TextStream text;
  text << experiment.title << '\n' << experiment.paper << '\n';
  for (const ReportTable& table : experiment_tables(experiment, results)) {
    text << '\n' << table.title << (table.note.empty() ? "" : " (" + table.note + ')') << "\n\n" << table_text(table);
  }
  add_list(text, "differences from the published setting:", experiment.differences);
  add_list(text, "before their plateau:", cut_off_note(results));
  add_list(text, "tested in part:", partly_tested(results));
  add_list(text, "notes:", experiment.notes);
  return text.str();
}

nlohmann::ordered_json experiment_json(const Experiment& experiment) {
  nlohmann::ordered_json json = {{"name", experiment.name},
                                 {"title", experiment.title},
                                 {"paper", experiment.paper},
                                 {"measure", name_of(experiment.measure)},
                                 {"differences", experiment.differences},
                                 {"published", nlohmann::ordered_json::array()}};
  for (const auto& [task, measure] : experiment.other_measures) {
    json["measures"][task] = name_of(measure);
  }
  for (const Published& row : experiment.published) {
    nlohmann::ordered_json figures = nlohmann::ordered_json::object();
    for (const auto& [column, text] : row.figures) {
      figures[column] = text;
    }
    json["published"].push_back({{"task", row.task}, {"label", row.label}, {"figures", figures}});
  }
  return json;
}

}  // namespace remember
