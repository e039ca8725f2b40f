// performance_figures: draws how costs grow, from the rows of bench_growth and bench_attention.
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "figure/line_chart.h"
#include "standard_streams.h"

namespace {

using heed::figure::LineChart;
using heed::figure::Series;
using nlohmann::json;

json rows_of(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  return json::parse(in);
}

/// The points of `rows` where both numbers are there and above 0, as a logarithmic axis needs them.
Series series(const std::string& name, const std::vector<json>& rows, const char* x, const char* y) {
  Series made{name, {}, {}};
  for (const json& row : rows) {
    if (!row.at(x).is_number() || !row.at(y).is_number() || row.at(y).get<double>() <= 0) continue;
    made.x.push_back(row.at(x));
    made.y.push_back(row.at(y));
  }
  return made;
}

void draw_growth(const json& rows, const std::string& axis, const std::string& title, const std::string& folder) {
  LineChart chart{.title = title, .x_title = axis, .y_title = "ms a step", .series = {}, .log_x = true, .log_y = true};
  for (const std::string workload : {"W1", "W2", "W3", "W4"}) {
    std::vector<json> chosen;
    for (const json& row : rows) {
      if (row.at("workload") == workload && row.at("axis") == axis) chosen.push_back(row);
    }
    if (!chosen.empty()) chart.series.push_back(series(workload, chosen, "value", "ms"));
  }
  chart.save(folder + "/performance_" + axis + ".svg");
}

void draw_attention(const json& rows, const std::string& quantity, const std::string& title,
                    const std::string& folder) {
  const std::vector<json> all(rows.begin(), rows.end());
  LineChart chart{.title = title, .x_title = "length", .y_title = quantity, .series = {}, .log_x = true, .log_y = true};
  for (const std::string side : {"heed", "peer"}) {
    Series one = series(side == "peer" ? "libtorch" : side, all, "length", (side + "_" + quantity).c_str());
    if (!one.x.empty()) chart.series.push_back(std::move(one));
  }
  chart.save(folder + "/performance_attention_" + quantity + ".svg");
}

void draw(const std::string& growth, const std::string& attention, const std::string& folder) {
  const json grown = rows_of(growth), attended = rows_of(attention);
  draw_growth(grown, "T", "Step time against the length of the sequences", folder);
  draw_growth(grown, "B", "Step time against the batch", folder);
  draw_growth(grown, "H", "Step time against the hidden size", folder);
  draw_growth(grown, "V", "Step time against the vocabulary", folder);
  draw_attention(attended, "ms", "Attention forward and backward, 8 heads of 64", folder);
  draw_attention(attended, "mb", "Memory beyond inputs, outputs and gradients", folder);
}

}  // namespace

int main(int argc, char** argv) {
  examples::open_standard_streams();
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s GROWTH.json ATTENTION.json FOLDER\n", argv[0]);
    return 2;
  }
  try {
    draw(argv[1], argv[2], argv[3]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
}
