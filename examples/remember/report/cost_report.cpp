// Reports costs: see cost_report.h.
#include "report/cost_report.h"

#include <nlohmann/json.hpp>

#include "figure/line_chart.h"
#include "report/table.h"
#include "run/output_folder.h"
#include "text/number.h"

namespace remember {

namespace {

std::string milliseconds(double seconds) { return fixed(1000 * seconds, 3) + " ms"; }

template <class Attention, class Recurrent>
heed::figure::LineChart chart_of(const std::vector<Cost>& costs, Attention attention, Recurrent recurrent) {
  heed::figure::Series attending{"self-attention (n × n weights)", {}, {}};
  heed::figure::Series recurring{"LSTM layer (n steps)", {}, {}};
  for (const Cost& cost : costs) {
    attending.x.push_back(static_cast<double>(cost.length));
    attending.y.push_back(attention(cost));
    recurring.x.push_back(static_cast<double>(cost.length));
    recurring.y.push_back(recurrent(cost));
  }
  heed::figure::LineChart chart;
  chart.x_title = "length n";
  chart.series = {attending, recurring};
  chart.log_x = true;
  chart.log_y = true;
  return chart;
}

}  // namespace

std::string cost_table(const std::vector<Cost>& costs) {
  Table table({"length", "attention values", "attention time", "attention memory", "LSTM time", "LSTM memory"}, 0);
  for (const Cost& cost : costs) {
    table.add_row({grouped(cost.length), grouped(cost.attention_values), milliseconds(cost.attention_seconds),
                   bytes(cost.attention_bytes), milliseconds(cost.recurrent_seconds), bytes(cost.recurrent_bytes)});
  }
  return table.text();
}

std::string cost_json(const std::vector<Cost>& costs, const CostOptions& options) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Cost& cost : costs) {
    rows.push_back({{"length", cost.length},
                    {"attention_values", cost.attention_values},
                    {"attention_seconds", cost.attention_seconds},
                    {"attention_bytes", cost.attention_bytes},
                    {"recurrent_seconds", cost.recurrent_seconds},
                    {"recurrent_bytes", cost.recurrent_bytes}});
  }
  return nlohmann::ordered_json({{"size", options.size}, {"costs", std::move(rows)}}).dump(1) + '\n';
}

std::vector<std::string> draw_cost(const std::vector<Cost>& costs, const std::string& folder) {
  auto time = chart_of(
      costs, [](const Cost& cost) { return 1000 * cost.attention_seconds; },
      [](const Cost& cost) { return 1000 * cost.recurrent_seconds; });
  time.title = "Time of one forward pass";
  time.y_title = "milliseconds";
  auto memory = chart_of(
      costs, [](const Cost& cost) { return static_cast<double>(cost.attention_bytes) / 1e6; },
      [](const Cost& cost) { return static_cast<double>(cost.recurrent_bytes) / 1e6; });
  memory.title = "Memory of one forward pass";
  memory.y_title = "peak memory in megabytes";
  make_folder(folder);
  time.save(folder + "/cost-time.png");
  time.save(folder + "/cost-time.svg");
  memory.save(folder + "/cost-memory.png");
  memory.save(folder + "/cost-memory.svg");
  return {folder + "/cost-time.png", folder + "/cost-memory.png"};
}

}  // namespace remember
