// bench_ops: single operations forward and backward, heed's and libtorch's in turn: the cost of a node.
#include <cstdio>

#include "driver/arguments.h"
#include "driver/contest.h"
#include "driver/machine.h"
#include "driver/table.h"

namespace heed::bench {
namespace {

void add_row(Table& table, const std::string& operation, const std::string& shape, const std::string& job,
             double per_run) {
  const Comparison result = compare(heed_with(1), torch_with(1), job, {.measurements = 40, .fresh_each_run = false});
  const double microseconds = 1e3 / per_run;
  table.add({operation, shape, microseconds * result.ours.median, known(microseconds * result.peer.median),
             known(result.ratio()), microseconds * result.ours.tenth, known(microseconds * result.peer.tenth),
             known(result.ratio_of_tenths()), result.ours.last_result, known(result.peer.last_result)});
}

void run(const Arguments& arguments) {
  if (arguments.text("peer") == "no") leave_peers_out();
  print_machine({1});
  print_peers({"torch_worker"});
  std::printf(
      "Forward and backward, one thread, in microseconds. scalar_add: one of 1,000 additions of scalars; results:\n"
      "the sum of the magnitudes of the first gradient. Medians; p10: 10th percentiles.\n\n");
  Table table({{"operation"},
               {"shape"},
               {"heed_us", 3},
               {"peer_us", 3},
               {"ratio"},
               {"heed_p10", 3, false},
               {"peer_p10", 3, false},
               {"ratio_p10", 2, false},
               {"heed_result", 4, false},
               {"peer_result", 4, false}});
  if (arguments.wants("operation", "scalar_add")) add_row(table, "scalar_add", "1000", "scalars 1000", 1000);
  for (const std::string shape : {"32 64", "640 128"}) {
    for (const std::string operation : {"add_row", "mul", "tanh", "sum_rows", "softmax", "layer_norm", "cross_entropy",
                                        "linear", "cat", "embedding"}) {
      if (!arguments.wants("operation", operation)) continue;
      add_row(table, operation, shape, "operation " + operation + " " + shape, 1);
    }
  }
  if (!arguments.text("json").empty()) table.write_json(arguments.text("json"));
}

}  // namespace
}  // namespace heed::bench

int main(int argc, char** argv) {
  using namespace heed::bench;
  return run_program(argc, argv, "single operations forward and backward, heed's and libtorch's in turn",
                     {{"operation",
                       "some of scalar_add,add_row,mul,tanh,sum_rows,softmax,layer_norm,cross_entropy,linear,"
                       "cat,embedding",
                       ""},
                      {"peer", "yes or no", "yes"},
                      {"json", "file for the rows", ""}},
                     run);
}
