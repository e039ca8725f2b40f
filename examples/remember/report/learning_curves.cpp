// Learning curves: see learning_curves.h.
#include "report/learning_curves.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <nlohmann/json.hpp>

#include "report/spread.h"
#include "run/json_text.h"
#include "run/trainer.h"
#include "run/trial.h"

namespace remember {

namespace {

/// With more points than this, several fall on one pixel.
constexpr size_t kMostPoints = 400;

using Json = nlohmann::json;
/// The points of a run, in the order of x.
using Curve = std::vector<std::pair<double, double>>;
/// The point of a line of metrics, if it has one.
using ReadPoint = std::function<std::optional<std::pair<double, double>>(const Json& line, const CurveSource& source)>;

std::vector<Json> lines_of(const std::string& path) {
  std::istringstream file(read_measurements(path));
  std::vector<Json> lines;
  std::string text;
  for (int64_t number = 1; std::getline(file, text); ++number) {
    Json json = parse_measurement(text);
    const bool good = json.is_object() && json.contains("step") && json["step"].is_number();
    if (!good && file.eof()) {
      break;  // incomplete last line: the machine stopped during the write
    }
    heed::check<heed::FileError>(good, path + ':' + std::to_string(number),
                                 "must be a JSON object with the number \"step\", got '", text.substr(0, 80), "'");
    lines.push_back(std::move(json));
  }
  return lines;
}

bool has_number(const Json& line, const char* key) { return line.contains(key) && line[key].is_number(); }

std::optional<std::pair<double, double>> loss_point(const Json& line, const CurveSource&) {
  return has_number(line, "loss") ? std::optional(std::pair(line["step"].get<double>(), line["loss"].get<double>()))
                                  : std::nullopt;
}

std::optional<std::pair<double, double>> exact_point(const Json& line, const CurveSource& source, const char* key) {
  const double examples = line.value("examples", line["step"].get<double>() * static_cast<double>(source.batch));
  return has_number(line, key) && examples > 0 ? std::optional(std::pair(examples, line[key].get<double>()))
                                               : std::nullopt;
}

/// The last value at or before x, for each run that has begun there.
std::vector<double> values_at(const std::vector<Curve>& runs, double x) {
  std::vector<double> values;
  for (const Curve& run : runs) {
    const auto after = std::upper_bound(run.begin(), run.end(), x,
                                        [](double wanted, const auto& point) { return wanted < point.first; });
    if (after != run.begin()) {
      values.push_back(std::prev(after)->second);
    }
  }
  return values;
}

ReportLine line_of(const CurveSource& source, const std::vector<Curve>& runs) {
  std::set<double> xs;
  for (const Curve& run : runs) {
    std::transform(run.begin(), run.end(), std::inserter(xs, xs.end()), [](const auto& point) { return point.first; });
  }
  ReportLine line{.name = source.name, .x = {}, .y = {}, .cut_off = source.cut_off};
  const size_t stride = std::max<size_t>(1, (xs.size() + kMostPoints - 1) / kMostPoints);
  size_t index = 0;
  for (const double x : xs) {
    const bool last = index + 1 == xs.size();
    if (index++ % stride != 0 && !last) {
      continue;
    }
    const Spread spread = spread_of(values_at(runs, x));
    line.x.push_back(x);
    line.y.push_back(spread.mean);
    if (runs.size() > 1) {
      line.low.push_back(spread.least);
      line.high.push_back(spread.most);
    }
  }
  return line;
}

/// Lines in the order of the names' first sources.
std::vector<ReportLine> lines_of(const std::vector<CurveSource>& sources, const ReadPoint& read_point) {
  std::vector<std::pair<const CurveSource*, std::vector<Curve>>> groups;
  for (const CurveSource& source : sources) {
    const auto same_name = [&](const auto& group) { return group.first->name == source.name; };
    auto group = std::find_if(groups.begin(), groups.end(), same_name);
    group = group == groups.end() ? groups.insert(group, {&source, {}}) : group;
    Curve curve;
    for (const Json& line : std::filesystem::exists(source.metrics) ? lines_of(source.metrics) : std::vector<Json>()) {
      if (const auto point = read_point(line, source)) {
        curve.push_back(*point);
      }
    }
    if (!curve.empty()) {
      group->second.push_back(std::move(curve));
    }
  }
  std::vector<ReportLine> lines;
  for (const auto& [source, runs] : groups) {
    if (!runs.empty()) {
      lines.push_back(line_of(*source, runs));
    }
  }
  return lines;
}

}  // namespace

std::vector<CurveSource> curve_sources(const std::vector<ModelResult>& models, const std::string& folder) {
  std::vector<CurveSource> sources;
  for (const ModelResult& model : models) {
    for (const RunResult* run : model.runs) {
      sources.push_back({shown_name(model), trial_folder(folder, run->name) + '/' + kMetricsFile,
                         run->options.training.batch, cut_off(model)});
    }
  }
  return sources;
}

ReportChart loss_curve(const std::string& title, const std::vector<CurveSource>& sources) {
  return {.title = title + ": loss in training",
          .x_title = "step",
          .y_title = "cross-entropy per token",
          .logarithmic = true,
          .lines = lines_of(sources, loss_point)};
}

ReportChart exact_curve(const std::string& title, const std::vector<CurveSource>& sources) {
  std::set<int64_t> longest;  // one number, unless the runs were trained on different lengths
  std::vector<ReportLine> lines = lines_of(sources, [&](const Json& line, const CurveSource& source) {
    if (has_number(line, "longest")) {
      longest.insert(line["longest"].get<int64_t>());
    }
    return exact_point(line, source, "valid_exact_longest");
  });
  if (lines.empty()) {
    lines = lines_of(
        sources, [](const Json& line, const CurveSource& source) { return exact_point(line, source, "valid_exact"); });
  }
  const std::string of_length = longest.empty()       ? ""
                                : longest.size() == 1 ? " of length " + std::to_string(*longest.begin())
                                                      : " of the longest trained length";
  return {.title = title + ": exact outputs" + of_length + " in validation",
          .x_title = "examples seen in training",
          .y_title = "exact outputs",
          .percent = true,
          .logarithmic_x = true,
          .lines = std::move(lines)};
}

std::vector<ReportChart> learning_curves(const std::string& title, const std::vector<CurveSource>& sources) {
  std::vector<ReportChart> charts = {exact_curve(title, sources), loss_curve(title, sources)};
  std::erase_if(charts, [](const ReportChart& chart) { return chart.lines.empty(); });
  return charts;
}

}  // namespace remember
