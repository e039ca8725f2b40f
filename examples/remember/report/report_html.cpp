// Puts a report's values into the page that report/web holds: see report.h.
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/view.h>
#include <nlohmann/json.hpp>

#include "report/report.h"
#include "report/web_files.h"

namespace remember {

namespace {

using Json = nlohmann::ordered_json;

/// With four digits, more than a colour can show. NaN and infinities become null.
double short_number(double value) {
  const double size = std::abs(value);
  if (!(size > 0) || !std::isfinite(value)) {
    return value;
  }
  const double unit = std::pow(10.0, size < 0.01 ? std::floor(std::log10(size)) - 3 : -4);
  return std::round(value / unit) * unit;
}

Json numbers(const std::vector<double>& values) {
  Json json = Json::array();
  for (const double value : values) {
    json.push_back(value);
  }
  return json;
}

/// Rows of a (T, S) map; null for an undefined one.
Json rows(const heed::Tensor& map) {
  if (!map.defined()) {
    return nullptr;
  }
  Json json = Json::array();
  for (int64_t t = 0; t < map.size(0); ++t) {
    Json row = Json::array();
    for (int64_t s = 0; s < map.size(1); ++s) {
      row.push_back(short_number(map.at({t, s})));
    }
    json.push_back(std::move(row));
  }
  return json;
}

Json to_json(const ReportTable& table) {
  Json lines = Json::array();
  for (const std::vector<ReportCell>& row : table.rows) {
    Json cells = Json::array();
    for (const ReportCell& cell : row) {
      cells.push_back({{"text", cell.text}, {"rate", cell.rate ? Json(*cell.rate) : Json()}});
    }
    lines.push_back(std::move(cells));
  }
  return {{"title", table.title}, {"note", table.note}, {"header", table.header}, {"rows", std::move(lines)}};
}

Json to_json(const ReportChart& chart) {
  Json lines = Json::array();
  for (const ReportLine& line : chart.lines) {
    lines.push_back({{"name", line.name},
                     {"x", numbers(line.x)},
                     {"y", numbers(line.y)},
                     {"low", numbers(line.low)},
                     {"high", numbers(line.high)},
                     {"cut_off", line.cut_off}});
  }
  return {{"title", chart.title},
          {"x_title", chart.x_title},
          {"y_title", chart.y_title},
          {"percent", chart.percent},
          {"logarithmic", chart.logarithmic},
          {"logarithmic_x", chart.logarithmic_x},
          {"mark", chart.mark ? Json(*chart.mark) : Json()},
          {"mark_name", chart.mark_name},
          {"lines", std::move(lines)}};
}

Json to_json(const ReportOutput& output) {
  return {{"model", output.model},           {"tokens", output.tokens},
          {"wrong", output.wrong},           {"right", output.right ? Json(*output.right) : Json()},
          {"weights", rows(output.weights)}, {"memory", rows(output.memory)}};
}

Json to_json(const ReportExample& example) {
  Json outputs = Json::array();
  for (const ReportOutput& output : example.outputs) {
    outputs.push_back(to_json(output));
  }
  return {{"title", example.title},
          {"source", example.source},
          {"answer", example.answer},
          {"alignment", example.alignment},
          {"outputs", std::move(outputs)}};
}

template <class Part>
Json list(const std::vector<Part>& parts) {
  Json json = Json::array();
  for (const Part& part : parts) {
    json.push_back(to_json(part));
  }
  return json;
}

Json to_json(const Report& report) {
  Json settings = Json::array();
  for (const auto& [name, value] : report.settings) {
    settings.push_back(Json::array({name, value}));
  }
  return {
      {"title", report.title},         {"introduction", report.introduction}, {"settings", std::move(settings)},
      {"tables", list(report.tables)}, {"accuracy", list(report.accuracy)},   {"accuracy_title", report.accuracy_title},
      {"curves", list(report.curves)}, {"examples", list(report.examples)}};
}

/// JSON for a <script> element: no text in it can end the element or start a comment.
std::string script_text(const Json& json) {
  std::string text;
  for (const char character : json.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    text += character == '<' ? "\\u003c" : character == '>' ? "\\u003e" : std::string(1, character);
  }
  return text;
}

std::string html_text(const std::string& text) {
  std::string escaped;
  for (const char character : text) {
    escaped += character == '<' ? "&lt;" : character == '&' ? "&amp;" : std::string(1, character);
  }
  return escaped;
}

/// Replaces each placeholder once. Inserted text is not searched again, so it may contain placeholders.
std::string filled(std::string_view page, const std::vector<std::pair<std::string_view, std::string>>& parts) {
  std::string text;
  for (const auto& [mark, part] : parts) {
    const size_t place = page.find(mark);
    heed::check(place != std::string_view::npos, "report", "the page must have ", mark,
                " after the placeholders before it");
    text.append(page.substr(0, place)).append(part);
    page.remove_prefix(place + mark.size());
  }
  return text.append(page);
}

}  // namespace

std::string report_html(const Report& report) {
  return filled(web::kPage, {{"<!-- title -->", html_text(report.title)},
                             {"/* style */", std::string(web::kStyle)},
                             {"<!-- data -->", script_text(to_json(report))},
                             {"/* script */", std::string(web::kScript)}});
}

}  // namespace remember
