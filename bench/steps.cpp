// bench_steps: training steps of four sequence models against libtorch's, in turn.
#include "driver/arguments.h"
#include "driver/contest.h"
#include "driver/machine.h"
#include "driver/operations.h"
#include "driver/table.h"

namespace heed::bench {
namespace {

struct NamedSize {
  std::string name;
  StepSize size;
};

std::vector<NamedSize> sizes_of(const std::string& workload) {
  std::vector<NamedSize> sizes = {
      {"small", {32, 10, 64, 16}}, {"middle", {32, 20, 128, 16}}, {"large", {64, 50, 256, 16}}};
  if (workload == "W1" || workload == "W2") sizes.push_back({"overhead", {1, 10, 8, 16}});
  return sizes;
}

std::string job_of(const std::string& workload, const StepSize& size) {
  return "steps " + workload + " " + std::to_string(size.batch) + " " + std::to_string(size.steps) + " " +
         std::to_string(size.hidden) + " " + std::to_string(size.vocabulary);
}

void add_row(Table& table, const std::string& workload, const NamedSize& size, int64_t threads,
             const Arguments& arguments) {
  const int count = static_cast<int>(threads);
  const Comparison result = compare(heed_with(count), torch_with(count), job_of(workload, size.size),
                                    {.measurements = arguments.number("steps")});
  const double limit = 1e3 * step_operations(workload, size.size) / machine_rate(threads);
  table.add({workload, size.name, static_cast<double>(threads), result.ours.median, known(result.peer.median),
             known(result.ratio()), limit / result.ours.median, result.ours.tenth, known(result.peer.tenth),
             known(result.ratio_of_tenths()), result.ours.first_result, known(result.peer.first_result),
             result.ours.last_result, known(result.peer.last_result)});
}

void run(const Arguments& arguments) {
  if (arguments.text("peer") == "no") leave_peers_out();
  const std::vector<int64_t> threads = thread_counts(arguments.numbers("threads"));
  print_machine(threads);
  print_peers({"torch_worker"});
  std::printf(
      "Times in ms a step: the median of at least %s (p10: their 10th percentile); losses of the first and the\n"
      "last step; limit_fraction: the time the matrix products need at the machine's rate over heed's.\n\n",
      arguments.text("steps").c_str());
  Table table({{"workload"},
               {"size"},
               {"threads", 0},
               {"heed_ms"},
               {"peer_ms"},
               {"ratio"},
               {"limit_fraction"},
               {"heed_p10", 2, false},
               {"peer_p10", 2, false},
               {"ratio_p10", 2, false},
               {"heed_first", 5, false},
               {"peer_first", 5, false},
               {"heed_last", 5, false},
               {"peer_last", 5, false}});
  for (const int64_t count : threads) {
    for (const std::string workload : {"W1", "W2", "W3", "W4"}) {
      if (!arguments.wants("workload", workload)) continue;
      for (const NamedSize& size : sizes_of(workload)) {
        if (arguments.wants("size", size.name)) add_row(table, workload, size, count, arguments);
      }
    }
  }
  if (!arguments.text("json").empty()) table.write_json(arguments.text("json"));
}

}  // namespace
}  // namespace heed::bench

int main(int argc, char** argv) {
  using namespace heed::bench;
  return run_program(argc, argv, "training steps of four sequence models, heed's and libtorch's in turn",
                     {{"workload", "some of W1,W2,W3,W4", ""},
                      {"size", "some of small,middle,large,overhead", ""},
                      {"threads", "thread counts, such as 1,2", ""},
                      {"steps", "steps measured of each, at least", "30"},
                      {"peer", "yes or no", "yes"},
                      {"json", "file for the rows", ""}},
                     run);
}
