// bench_growth: how the time of heed's training step grows with T, B, H and V, one changed at a time.
#include <cstdio>

#include "driver/arguments.h"
#include "driver/contest.h"
#include "driver/machine.h"
#include "driver/operations.h"
#include "driver/table.h"

namespace heed::bench {
namespace {

struct Axis {
  std::string name;
  int64_t StepSize::*size;
  std::vector<int64_t> values;
};

void add_row(Table& table, const std::string& workload, const Axis& axis, int64_t value, const Arguments& arguments) {
  StepSize size{32, 20, 128, 16};
  size.*axis.size = value;
  const std::string job = "steps " + workload + " " + std::to_string(size.batch) + " " + std::to_string(size.steps) +
                          " " + std::to_string(size.hidden) + " " + std::to_string(size.vocabulary);
  const Outcome outcome =
      hold_contest({heed_with(1)}, job, {.measurements = arguments.number("steps"), .warm_up = 3})[0];
  const double limit = 1e3 * step_operations(workload, size) / machine_rate(1);
  table.add({workload, axis.name, static_cast<double>(value), outcome.median, outcome.tenth, limit});
}

void run(const Arguments& arguments) {
  print_machine({1});
  std::printf(
      "ms a step, one thread: the median and the 10th percentile, and the time of the matrix products at the\n"
      "machine's rate. Where nothing else is said: B = 32, T = 20, H = 128, V = 16.\n\n");
  const std::vector<Axis> axes = {{"T", &StepSize::steps, {5, 10, 20, 40, 80, 160}},
                                  {"B", &StepSize::batch, {1, 4, 16, 32, 64, 128}},
                                  {"H", &StepSize::hidden, {16, 32, 64, 128, 256, 512}},
                                  {"V", &StepSize::vocabulary, {16, 64, 256, 1024, 4096, 16384}}};
  Table table({{"workload"}, {"axis"}, {"value", 0}, {"ms"}, {"p10_ms"}, {"limit_ms"}});
  for (const std::string workload : {"W1", "W2", "W3", "W4"}) {
    if (!arguments.wants("workload", workload)) continue;
    for (const Axis& axis : axes) {
      for (const int64_t value : axis.values) add_row(table, workload, axis, value, arguments);
    }
  }
  if (!arguments.text("json").empty()) table.write_json(arguments.text("json"));
}

}  // namespace
}  // namespace heed::bench

int main(int argc, char** argv) {
  using namespace heed::bench;
  return run_program(argc, argv, "how the time of a training step grows",
                     {{"workload", "some of W1,W2,W3,W4", ""},
                      {"steps", "steps measured, at least", "10"},
                      {"json", "file for the rows", ""}},
                     run);
}
