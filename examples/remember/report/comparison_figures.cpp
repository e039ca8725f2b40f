// Draws comparisons: see comparison_figures.h.
#include "report/comparison_figures.h"

#include <algorithm>
#include <memory>

#include "data/task_data.h"
#include "figure/line_chart.h"
#include "report/attention_figure.h"
#include "report/results.h"
#include "run/output_folder.h"
#include "run/saved_run.h"
#include "run/trainer.h"
#include "run/trial.h"

namespace remember {

namespace {

/// Longer maps are too fine to read.
constexpr int64_t kLongestMap = 40;
constexpr int64_t kMapColumns = 60;

double middle(const LengthRange& range) { return static_cast<double>(range.min + range.max) / 2; }

heed::figure::LineChart accuracy_chart(const std::string& task, const std::vector<ModelResult>& models) {
  const RunResult& first = *models.front().runs.front();
  const int64_t longest_trained = first.options.data.train_length.max;
  heed::figure::LineChart chart;
  chart.title = task + ": outputs right as a whole, by length";
  chart.x_title = "length of the input";
  chart.y_title = "exact outputs";
  chart.y_format = heed::figure::NumberFormat::percent;
  chart.lines = {{static_cast<double>(longest_trained), "longest trained length"}};
  for (const ModelResult& model : models) {
    heed::figure::Series series;
    series.name = model.model;
    for (size_t i = 0; i < model.runs.front()->scores.size(); ++i) {
      const Spread spread = exact_spread(model, i);
      series.x.push_back(middle(model.runs.front()->scores[i].length));
      series.y.push_back(spread.mean);
      if (model.runs.size() > 1) {
        series.low.push_back(spread.least);
        series.high.push_back(spread.most);
      }
    }
    chart.series.push_back(std::move(series));
  }
  return chart;
}

/// Lengths worth a map: the longest that was trained on and the next one beyond; else the longest there is.
std::vector<LengthRange> map_lengths(const RunResult& result) {
  const int64_t trained = result.options.data.train_length.max;
  std::vector<LengthRange> within;
  std::vector<LengthRange> beyond;
  for (const LengthScore& entry : result.scores) {
    if (entry.length.max <= kLongestMap) {
      (entry.length.max <= trained ? within : beyond).push_back(entry.length);
    }
  }
  const auto shorter = [](const LengthRange& a, const LengthRange& b) { return a.max < b.max; };
  std::vector<LengthRange> chosen;
  if (!within.empty()) {
    chosen.push_back(*std::max_element(within.begin(), within.end(), shorter));
  }
  if (!beyond.empty()) {
    chosen.push_back(*std::min_element(beyond.begin(), beyond.end(), shorter));
  }
  return chosen;
}

/// As many maps side by side as can be read.
std::vector<AttentionPicture> maps_of(const RunResult& result, const std::string& folder) {
  const std::string path = trial_folder(folder, result.name) + '/' + kBestCheckpoint;
  const SavedRun saved = load_run(path);
  const std::unique_ptr<Model> model = restore_model(saved, path);
  const DataOptions& data = result.options.data;
  std::vector<AttentionPicture> pictures;
  int64_t columns = 0;
  for (const LengthRange& length : map_lengths(result)) {
    const Problem problem = task_problems(*find_task(data.task), data.symbols, length, Part::test, 1).front();
    columns += static_cast<int64_t>(problem.source.size());
    if (!pictures.empty() && columns > kMapColumns) {
      break;
    }
    const int64_t limit = default_limit(static_cast<int64_t>(problem.source.size()));
    const heed::Hypothesis output = model->decode({problem.source}, limit).front();
    AttentionPicture picture = model->attends() ? make_attention_picture(*model, data, problem.source, output)
                                                : make_memory_picture(*model, data, problem.source, output);
    const bool right = score_output(output, problem).exact == 1;
    const bool trained = length.max <= data.train_length.max;
    picture.subtitle =
        "length " + to_string(length) + (trained ? "" : ", longer than trained") + (right ? ": right" : ": wrong");
    pictures.push_back(std::move(picture));
  }
  return pictures;
}

std::string file_name(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  return text;
}

}  // namespace

std::vector<std::string> draw_comparison(const std::vector<RunResult>& results, const std::string& folder) {
  const std::string figures = folder + "/figures/";
  make_folder(figures);
  std::vector<std::string> files;
  const std::vector<ModelResult> models = group_by_model(results);
  for (auto begin = models.begin(); begin != models.end();) {
    const auto end = std::find_if(begin, models.end(), [&](const ModelResult& m) { return m.task != begin->task; });
    if (begin->task != "pairs") {
      const heed::figure::LineChart chart = accuracy_chart(begin->task, {begin, end});
      files.push_back(figures + "accuracy-" + begin->task + ".png");
      chart.save(files.back());
      chart.save(figures + "accuracy-" + begin->task + ".svg");
    }
    begin = end;
  }
  for (const ModelResult& model : models) {
    const RunResult& run = *model.runs.front();
    if (run.options.data.task == "pairs") {
      continue;
    }
    const std::vector<AttentionPicture> pictures = maps_of(run, folder);
    if (!pictures.empty()) {
      const std::string kind = attends(run.options.model) ? "attention-" : "memory-";
      files.push_back(draw_attention(pictures, figures + kind + model.task + '-' + file_name(model.model)).front());
    }
  }
  return files;
}

}  // namespace remember
