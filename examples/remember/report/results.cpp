// Results as table, CSV and JSON: see results.h.
#include "report/results.h"

#include <heed/tensor/text_stream.h>

#include "report/accuracy.h"
#include "report/how_soon.h"
#include "report/partly_tested.h"
#include "report/table.h"
#include "run/options_json.h"
#include "text/number.h"

namespace remember {

namespace {

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

/// The shares exact, of tokens and before the first error; nothing where there was no time for tests.
std::string rate_fields(const Score& score) {
  if (score.problems == 0) {
    return ",,";
  }
  heed::TextStream text;
  text.precision(9);
  text << score.exact_rate() << ',' << score.token_rate() << ',' << score.prefix_rate();
  return text.str();
}

/// Examples, seconds and multiply-adds to 50, 90 and 99 % exact; nothing where that was never reached.
std::string how_soon_fields(const RunResult& result) {
  heed::TextStream text;
  text.precision(9);
  for (const double level : kReachedLevels) {
    if (const Reached* reached = reached_at(result, level)) {
      text << ',' << reached->examples << ',' << reached->seconds << ',' << reached->multiply_adds;
    } else {
      text << ",,,";
    }
  }
  return text.str();
}

}  // namespace

std::string results_table(const std::vector<RunResult>& results) {
  heed::TextStream text;
  for (const std::vector<ModelResult>& models : group_by_task(results)) {
    const RunResult& first = *models.front().runs.front();
    const DataOptions& data = first.options.data;
    const size_t seeds = models.front().runs.size();
    text << (text.tellp() == 0 ? "" : "\n") << data.task << ": outputs right in full, free-running, by length"
         << " (trained on " << to_string(data.train_length) << ", " << data.symbols << " symbols, "
         << (until_plateau(first.options.training) ? "until the plateau"
                                                   : std::to_string(first.options.training.steps) +
                                                         (first.options.training.steps == 1 ? " step" : " steps"))
         << "; " << first.test_count << " tests per length"
         << (seeds > 1 ? "; mean and range of " + std::to_string(seeds) + " seeds: " + kDifferenceRule : "") << ")\n\n"
         << table_text(accuracy_table(models))
         << (tested_beyond_training(first) ? std::string(kBeyondTraining) + '\n' : "");
    if (const ReportTable how_soon = how_soon_table(models); !how_soon.rows.empty()) {
      text << '\n' << how_soon.title << " (" << how_soon.note << ")\n\n" << table_text(how_soon);
    }
  }
  const std::vector<std::string> in_part = partly_tested(results);
  text << (in_part.empty() ? "" : "\ntested in part:\n");
  for (const std::string& line : in_part) {
    text << "  - " << line << '\n';
  }
  return text.str();
}

std::string results_csv(const std::vector<RunResult>& results) {
  heed::TextStream text;
  text.precision(9);
  text << "task,model,seed,length,exact,token,prefix,tests,parameters,steps,best_step,seconds,converged,examples,"
          "multiply_adds";
  for (const double exact : kReachedLevels) {
    const std::string level = fixed(100 * exact, 0);
    text << ",examples_to_" << level << ",seconds_to_" << level << ",multiply_adds_to_" << level;
  }
  text << '\n';
  for (const RunResult& result : results) {
    for (const LengthScore& entry : result.scores) {
      const Score& score = entry.score;
      text << csv_field(result.options.data.task) << ',' << csv_field(result.model) << ','
           << result.options.training.seed << ',' << to_string(entry.length) << ',' << rate_fields(score) << ','
           << score.problems << ',' << result.parameters << ',' << result.steps << ',' << result.best_step << ','
           << result.cost.seconds << ',' << (result.converged ? "true" : "false") << ',' << result.examples << ','
           << result.multiply_adds << how_soon_fields(result) << '\n';
    }
  }
  return text.str();
}

std::string results_json(const std::vector<RunResult>& results) {
  const nlohmann::ordered_json json = {{"format", 1}, {"partly_tested", partly_tested(results)}, {"runs", results}};
  return json.dump(1) + '\n';
}

}  // namespace remember
