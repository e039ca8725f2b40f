// bench_kernels: matrix products against OpenBLAS, an LSTM layer against oneDNN, functions of elements against
// libtorch, each in turn, and each as a share of what the machine can do.
#include <array>
#include <cstdio>

#include "driver/arguments.h"
#include "driver/contest.h"
#include "driver/machine.h"
#include "driver/table.h"

namespace heed::bench {
namespace {

const ContestOptions kRepeated = {.measurements = 40, .warm_up = 5, .fresh_each_run = false};

struct Peak {
  int threads;
  double rate;  // operations a second
};

std::string on_threads(const std::string& kernel, int threads) {
  return threads == 1 ? kernel : kernel + ", " + std::to_string(threads) + " threads";
}

/// A row for `operations` that took the times compared.
void add_row(Table& table, const std::string& kernel, const std::string& shape, double operations,
             const Comparison& result, const Peak& peak) {
  const double heed_rate = operations / (1e-3 * result.ours.median);
  const double peer_rate = operations / (1e-3 * result.peer.median);
  table.add({on_threads(kernel, peak.threads), shape, 1e-9 * heed_rate, known(1e-9 * peer_rate), heed_rate / peak.rate,
             known(result.ratio()), operations / (1e-3 * result.ours.tenth) / peak.rate,
             known(result.ratio_of_tenths()), result.ours.median, known(result.peer.median), result.ours.last_result,
             known(result.peer.last_result)});
}

void add_products(Table& table, const std::string& dtype, const Peak& peak) {
  constexpr std::array<std::array<int64_t, 3>, 5> kShapes = {
      {{32, 128, 512}, {64, 256, 1024}, {64, 512, 2048}, {512, 512, 512}, {1024, 1024, 1024}}};
  for (const std::string layout : {"NN", "NT", "TN", "TT"}) {
    for (const auto& [m, k, n] : kShapes) {
      const std::string shape = std::to_string(m) + " " + std::to_string(k) + " " + std::to_string(n);
      const std::string kernel = "product " + dtype + " " + layout;
      const Comparison result = compare(heed_with(peak.threads), {openblas_peer("openblas_worker", peak.threads)},
                                        kernel + " " + shape, kRepeated);
      add_row(table, kernel, shape, 2.0 * static_cast<double>(m * k * n), result, peak);
    }
  }
}

void add_layers(Table& table, const Peak& peak) {
  constexpr std::array<std::array<int64_t, 3>, 2> kShapes = {{{20, 32, 128}, {50, 64, 256}}};
  for (const auto& [steps, batch, hidden] : kShapes) {
    const std::string shape = std::to_string(steps) + " " + std::to_string(batch) + " " + std::to_string(hidden);
    const Comparison result =
        compare(heed_with(peak.threads), {openmp_peer("onednn_worker", peak.threads)}, "lstm " + shape, kRepeated);
    // Gates from inputs and state, forward and twice that backward.
    const double operations = 3.0 * 2 * 8 * static_cast<double>(steps * batch * hidden * hidden);
    add_row(table, "lstm", shape, operations, result, peak);
  }
}

/// Elements in the place of operations, and cycles in that of the machine's rate.
void add_functions(Table& table) {
  constexpr int64_t kCount = 4096;
  for (const std::string name : {"exp", "tanh", "sigmoid"}) {
    const std::string shape = std::to_string(kCount);
    const Comparison result = compare(heed_with(1), torch_with(1), "function " + name + " " + shape, kRepeated);
    add_row(table, name, shape, static_cast<double>(kCount), result, {1, clock_rate()});
  }
}

void run(const Arguments& arguments) {
  if (arguments.text("peer") == "no") leave_peers_out();
  const std::vector<int64_t> threads = thread_counts(arguments.numbers("threads"));
  print_machine(threads);
  print_peers({"openblas_worker", "onednn_worker", "torch_worker"});
  std::printf(
      "Products (m k n) of A and B straight (N) or transposed (T), against OpenBLAS; an LSTM layer (T B H), forward "
      "and\n"
      "backward, against oneDNN: GFLOP/s, and heed's share of the machine's rate. Functions, against libtorch: 10^9\n"
      "elements a second, and elements a cycle. Medians; p10: by the 10th percentiles of the times.\n\n");
  Table table({{"kernel"},
               {"shape"},
               {"heed_gflops", 1},
               {"peer_gflops", 1},
               {"peak_fraction"},
               {"ratio", 2, false},
               {"p10_fraction", 2, false},
               {"ratio_p10", 2, false},
               {"heed_ms", 4, false},
               {"peer_ms", 4, false},
               {"heed_result", 4, false},
               {"peer_result", 4, false}});
  for (const int64_t count : threads) {
    const Peak single{static_cast<int>(count), machine_rate(count)}, twice_as_wide{single.threads, single.rate / 2};
    if (arguments.wants("kernel", "product")) add_products(table, "float32", single);
    if (arguments.wants("kernel", "product")) add_products(table, "float64", twice_as_wide);
    if (arguments.wants("kernel", "lstm")) add_layers(table, single);
  }
  if (arguments.wants("kernel", "function")) add_functions(table);
  if (!arguments.text("json").empty()) table.write_json(arguments.text("json"));
}

}  // namespace
}  // namespace heed::bench

int main(int argc, char** argv) {
  using namespace heed::bench;
  return run_program(argc, argv, "single kernels, heed's and OpenBLAS's, oneDNN's or libtorch's in turn",
                     {{"kernel", "some of product,lstm,function", ""},
                      {"threads", "thread counts, such as 1,2", ""},
                      {"peer", "yes or no", "yes"},
                      {"json", "file for the rows", ""}},
                     run);
}
