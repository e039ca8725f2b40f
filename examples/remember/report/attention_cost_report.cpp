// Reports what attention takes: see attention_cost_report.h.
#include "report/attention_cost_report.h"

#include <heed/tensor/parallel.h>
#include <nlohmann/json.hpp>

#include "report/table.h"
#include "text/number.h"

namespace remember {

namespace {

std::string mebibytes(int64_t bytes) { return fixed(static_cast<double>(bytes) / (1 << 20), 2) + " MiB"; }

std::string seconds_text(double seconds) { return fixed(seconds, 3) + " s"; }

}  // namespace

std::string attention_cost_text(const std::vector<AttentionCost>& costs) {
  Table table({"length", "pass", "memory, weights kept", "tiled", "divided by", "time, weights kept", "tiled", "times"},
              2);
  for (const AttentionCost& cost : costs) {
    table.add_row({grouped(cost.length), cost.with_gradient ? "with gradient" : "forward", mebibytes(cost.kept_bytes),
                   mebibytes(cost.tiled_bytes), fixed(cost.memory_ratio(), 1), seconds_text(cost.kept_seconds),
                   seconds_text(cost.tiled_seconds), fixed(cost.time_ratio(), 2)});
  }
  table.add_row({"16,384", "published, forward", "", "", "59.0", "", "", "about 1"});
  table.add_row({"16,384", "published, with gradient", "", "", "32.0", "", "", "about 1"});
  return "Exact attention with and without its weights in memory\n"
         "Rabe and Staats 2021, Self-attention does not need O(n^2) memory\n\n" +
         table.text() +
         "\nmemory: peak of tensors, without inputs, output and gradients\n"
         "differences from the published setting:\n"
         "  - one head of size 64, float32, on " +
         std::to_string(heed::num_threads()) + " processor threads; in the paper bfloat16 on a TPU v3\n";
}

std::string attention_cost_json(const std::vector<AttentionCost>& costs) {
  nlohmann::ordered_json json = {{"format", 1}, {"experiment", {{"name", "cost"}}}};
  for (const AttentionCost& cost : costs) {
    json["costs"].push_back({{"length", cost.length},
                             {"with_gradient", cost.with_gradient},
                             {"kept_seconds", cost.kept_seconds},
                             {"kept_bytes", cost.kept_bytes},
                             {"tiled_seconds", cost.tiled_seconds},
                             {"tiled_bytes", cost.tiled_bytes}});
  }
  return json.dump(1) + '\n';
}

}  // namespace remember
