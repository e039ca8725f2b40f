// Learning curves: see learning_curves.h.
#include "report/learning_curves.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <nlohmann/json.hpp>

namespace remember {

namespace {

/// With more points than this, several fall on one pixel.
constexpr size_t kMostPoints = 400;

/// Values by step, one per run.
using Curve = std::map<double, std::vector<double>>;

void read_curve(const std::string& path, const std::string& key, Curve& curve) {
  std::istringstream file(heed::read_file(path));
  std::string line;
  for (int64_t number = 1; std::getline(file, line); ++number) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    const bool good = json.is_object() && json.contains("step") && json["step"].is_number();
    if (!good && file.eof()) {
      break;  // incomplete last line: the machine stopped during the write
    }
    heed::check<heed::FileError>(good, path + ':' + std::to_string(number),
                                 "must be a JSON object with the number \"step\", got '", line.substr(0, 80), "'");
    if (json.contains(key) && json[key].is_number()) {
      curve[json["step"].get<double>()].push_back(json[key].get<double>());
    }
  }
}

ReportLine line_of(const std::string& name, const Curve& curve, size_t runs) {
  ReportLine line;
  line.name = name;
  const size_t stride = std::max<size_t>(1, (curve.size() + kMostPoints - 1) / kMostPoints);
  size_t index = 0;
  for (const auto& [step, values] : curve) {
    const bool last = index + 1 == curve.size();
    if (index++ % stride != 0 && !last) {
      continue;
    }
    double sum = 0;
    for (const double value : values) {
      sum += value;
    }
    line.x.push_back(step);
    line.y.push_back(sum / static_cast<double>(values.size()));
    if (runs > 1) {
      line.low.push_back(*std::min_element(values.begin(), values.end()));
      line.high.push_back(*std::max_element(values.begin(), values.end()));
    }
  }
  return line;
}

void add_lines(ReportChart& chart, const std::string& key, const std::vector<CurveSource>& sources) {
  std::vector<std::string> names;
  for (const CurveSource& source : sources) {
    if (std::find(names.begin(), names.end(), source.name) == names.end()) {
      names.push_back(source.name);
    }
  }
  for (const std::string& name : names) {
    Curve curve;
    size_t runs = 0;
    for (const CurveSource& source : sources) {
      if (source.name == name && std::filesystem::exists(source.metrics)) {
        read_curve(source.metrics, key, curve);
        ++runs;
      }
    }
    if (!curve.empty()) {
      chart.lines.push_back(line_of(name, curve, runs));
    }
  }
}

}  // namespace

std::vector<ReportChart> learning_curves(const std::string& title, const std::vector<CurveSource>& sources) {
  ReportChart loss{
      .title = title + ": loss in training", .x_title = "step", .y_title = "cross-entropy per token", .lines = {}};
  loss.logarithmic = true;
  add_lines(loss, "loss", sources);
  ReportChart exact{
      .title = title + ": exact outputs in validation", .x_title = "step", .y_title = "exact outputs", .lines = {}};
  exact.percent = true;
  add_lines(exact, "valid_exact", sources);
  std::vector<ReportChart> charts;
  for (ReportChart& chart : std::vector{std::move(loss), std::move(exact)}) {
    if (!chart.lines.empty()) {
      charts.push_back(std::move(chart));
    }
  }
  return charts;
}

}  // namespace remember
