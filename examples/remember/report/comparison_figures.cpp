// Draws comparisons: see comparison_figures.h.
#include "report/comparison_figures.h"

#include <algorithm>
#include <utility>

#include "report/accuracy.h"
#include "report/attention_figure.h"
#include "report/chart_figure.h"
#include "report/learning_curves.h"
#include "report/shown_models.h"
#include "run/output_folder.h"

namespace remember {

namespace {

constexpr int64_t kMapColumns = 60;

/// Lengths to map: the longest training length and the next above it; else the longest.
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

/// At most as many problems as fit side by side, each with its length.
std::vector<std::pair<LengthRange, Problem>> problems_to_show(const std::vector<ShownModel>& models,
                                                              const RunResult& result) {
  std::vector<std::pair<LengthRange, Problem>> problems;
  int64_t columns = 0;
  for (const LengthRange& length : map_lengths(result)) {
    Problem problem = shown_problem(models, length);
    columns += static_cast<int64_t>(problem.source.size());
    if (!problems.empty() && columns > kMapColumns) {
      break;
    }
    problems.emplace_back(length, std::move(problem));
  }
  return problems;
}

AttentionPicture map_of(const ShownModel& shown, const LengthRange& length, const Problem& problem) {
  Model& model = *shown.model;
  const DataOptions& data = shown.options.data;
  const int64_t limit = default_limit(static_cast<int64_t>(problem.source.size()));
  const heed::Hypothesis output = model.decode({problem.source}, limit).front();
  AttentionPicture picture = model.attends() ? make_attention_picture(model, data, problem.source, output)
                                             : make_memory_picture(model, data, problem.source, output);
  const bool right = score_output(output, problem).exact == 1;
  const bool trained = length.max <= data.train_length.max;
  picture.subtitle =
      "length " + to_string(length) + (trained ? "" : ", longer than in training") + (right ? ": right" : ": wrong");
  return picture;
}

std::string file_name(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  return text;
}

/// Accuracy by length and by examples seen.
void draw_charts(const std::vector<ModelResult>& models, const std::string& folder, const std::string& figures,
                 std::vector<std::string>& files) {
  if (const ReportChart accuracy = accuracy_chart(models); !accuracy.lines.empty()) {
    files.push_back(draw_chart(accuracy, figures + "accuracy-" + models.front().task));
  }
  const ReportChart learning = exact_curve(models.front().task, curve_sources(models, folder));
  if (!learning.lines.empty()) {
    files.push_back(draw_chart(learning, figures + "learning-" + models.front().task));
  }
}

/// One figure with maps per model of a task and of one range of trained lengths.
void draw_maps(const std::vector<ModelResult>& models, const std::string& folder, const std::string& figures,
               std::vector<std::string>& files) {
  const std::vector<ShownModel> shown = load_shown(models, folder);
  const auto problems = problems_to_show(shown, *models.front().runs.front());
  for (const ShownModel& model : shown) {
    std::vector<AttentionPicture> pictures;
    for (const auto& [length, problem] : problems) {
      pictures.push_back(map_of(model, length, problem));
    }
    if (!pictures.empty()) {
      const std::string kind = attends(model.options.model) ? "attention-" : "memory-";
      const std::string stem = figures + kind + model.options.data.task + '-' + file_name(model.name);
      files.push_back(draw_attention(pictures, stem).front());
    }
  }
}

}  // namespace

std::vector<std::string> draw_comparison(const std::vector<RunResult>& results, const std::string& folder) {
  const std::string figures = folder + "/figures/";
  make_folder(figures);
  std::vector<std::vector<ModelResult>> tasks = group_by_task(results);
  std::erase_if(tasks, [](const std::vector<ModelResult>& models) { return models.front().task == "pairs"; });
  std::vector<std::string> files;
  for (const std::vector<ModelResult>& models : tasks) {
    draw_charts(models, folder, figures, files);
  }
  for (const std::vector<ModelResult>& models : tasks) {
    for (const std::vector<ModelResult>& group : group_by_lengths(models)) {
      draw_maps(group, folder, figures, files);
    }
  }
  return files;
}

}  // namespace remember
