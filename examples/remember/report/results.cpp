// Results as table, CSV and JSON: see results.h.
#include "report/results.h"

#include <algorithm>
#include <sstream>

#include "report/number.h"
#include "report/table.h"
#include "run/options_json.h"

namespace remember {

namespace {

/// "99.5 %", with the range when there are several runs: "99.5 % (99.0-99.9)".
std::string spread_text(const Spread& spread, size_t runs) {
  const std::string mean = percent(spread.mean);
  if (runs < 2) {
    return mean;
  }
  const auto bare = [](double rate) { return fixed(100 * rate, 1); };
  return mean + " (" + bare(spread.least) + "-" + bare(spread.most) + ')';
}

std::string task_table(const std::vector<ModelResult>& models) {
  const RunResult& first = *models.front().runs.front();
  const int64_t longest_trained = first.options.data.train_length.max;
  std::vector<std::string> header = {"model"};
  for (const LengthScore& entry : first.scores) {
    header.push_back(to_string(entry.length) + (entry.length.max > longest_trained ? "*" : ""));
  }
  header.insert(header.end(), {"parameters", "time"});
  Table table(header);
  for (const ModelResult& model : models) {
    std::vector<std::string> row = {model.model};
    for (size_t i = 0; i < first.scores.size(); ++i) {
      row.push_back(spread_text(exact_spread(model, i), model.runs.size()));
    }
    double seconds = 0;
    for (const RunResult* run : model.runs) {
      seconds += run->cost.seconds / static_cast<double>(model.runs.size());
    }
    row.push_back(grouped(model.runs.front()->parameters));
    row.push_back(clock(seconds));
    table.add_row(row);
  }
  return table.text();
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char character : text) {
    quoted += character == '"' ? std::string("\"\"") : std::string(1, character);
  }
  return quoted + '"';
}

}  // namespace

std::vector<ModelResult> group_by_model(const std::vector<RunResult>& results) {
  std::vector<ModelResult> models;
  for (const RunResult& result : results) {
    const auto found = std::find_if(models.begin(), models.end(), [&](const ModelResult& model) {
      return model.task == result.options.data.task && model.model == result.model;
    });
    if (found == models.end()) {
      models.push_back({result.options.data.task, result.model, {&result}});
    } else {
      found->runs.push_back(&result);
    }
  }
  return models;
}

Spread exact_spread(const ModelResult& model, size_t length) {
  Spread spread{0, 1, 0};
  for (const RunResult* run : model.runs) {
    const double rate = run->scores[length].score.exact_rate();
    spread.mean += rate / static_cast<double>(model.runs.size());
    spread.least = std::min(spread.least, rate);
    spread.most = std::max(spread.most, rate);
  }
  return spread;
}

std::string results_table(const std::vector<RunResult>& results) {
  const std::vector<ModelResult> models = group_by_model(results);
  std::ostringstream text;
  for (auto begin = models.begin(); begin != models.end();) {
    const auto end = std::find_if(begin, models.end(), [&](const ModelResult& m) { return m.task != begin->task; });
    const RunResult& first = *begin->runs.front();
    const DataOptions& data = first.options.data;
    const size_t seeds = begin->runs.size();
    text << (begin == models.begin() ? "" : "\n") << data.task
         << ": outputs right as a whole, decoded free-running, by length"
         << " (trained on " << to_string(data.train_length) << ", " << data.symbols << " symbols, "
         << first.options.training.steps << " steps; " << first.test_count << " tests a length"
         << (seeds > 1 ? "; mean and range of " + std::to_string(seeds) + " seeds" : "") << ")\n\n"
         << task_table({begin, end});
    const bool beyond = std::any_of(first.scores.begin(), first.scores.end(),
                                    [&](const LengthScore& entry) { return entry.length.max > data.train_length.max; });
    text << (beyond ? "* longer than anything trained on\n" : "");
    begin = end;
  }
  return text.str();
}

std::string results_csv(const std::vector<RunResult>& results) {
  std::ostringstream text;
  text.precision(9);
  text << "task,model,seed,length,exact,token,prefix,tests,parameters,steps,best_step,seconds\n";
  for (const RunResult& result : results) {
    for (const LengthScore& entry : result.scores) {
      const Score& score = entry.score;
      text << csv_field(result.options.data.task) << ',' << csv_field(result.model) << ','
           << result.options.training.seed << ',' << to_string(entry.length) << ',' << score.exact_rate() << ','
           << score.token_rate() << ',' << score.prefix_rate() << ',' << score.problems << ',' << result.parameters
           << ',' << result.options.training.steps << ',' << result.best_step << ',' << result.cost.seconds << '\n';
    }
  }
  return text.str();
}

std::string results_json(const std::vector<RunResult>& results) {
  const nlohmann::ordered_json json = {{"format", 1}, {"runs", results}};
  return json.dump(1) + '\n';
}

}  // namespace remember
