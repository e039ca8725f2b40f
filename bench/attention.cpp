// bench_attention: time and memory of scaled dot-product attention against its length, heed's and libtorch's in turn.
#include <cstdio>
#include <fstream>

#include "driver/arguments.h"
#include "driver/contest.h"
#include "driver/machine.h"
#include "driver/table.h"

namespace heed::bench {
namespace {

/// libtorch holds about four (8, L, L) matrices at once with gradients, and two without.
double peer_bytes(int64_t length, bool with_gradient) {
  return 4.0 * 8 * (with_gradient ? 4 : 2) * static_cast<double>(length) * static_cast<double>(length);
}

double available_bytes() {
  std::ifstream info("/proc/meminfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("MemAvailable:", 0) == 0) return 1024.0 * std::stod(line.substr(13));
  }
  return 0;
}

/// Peak MB of one run in a new process, after a short one that loads what is loaded once; 0 without that worker.
double peak_megabytes(const Contestant& contestant, const std::string& job, const std::string& short_job) {
  if (!has_worker(contestant.program)) return 0;
  WorkerProcess worker(contestant.program, contestant.environment);
  worker.ask("make " + short_job);
  worker.ask("run 1 1");
  worker.ask("make " + job);
  return worker.ask("memory").at(0);
}

void add_row(Table& table, int64_t length, bool with_gradient, int threads) {
  const std::string direction = with_gradient ? " backward" : " forward";
  const std::string job = "attention " + std::to_string(length) + direction, short_job = "attention 64" + direction;
  std::vector<Contestant> peers;
  if (peer_bytes(length, with_gradient) < 0.4 * available_bytes()) peers = torch_with(threads);
  const double expected_ms = 1e-4 * static_cast<double>(length) * static_cast<double>(length);
  const ContestOptions options{.measurements = expected_ms < 1000    ? 30
                                               : expected_ms < 10000 ? 5
                                                                     : 1,
                               .warm_up = expected_ms < 1000 ? 5 : 1,
                               .fresh_each_run = false};
  const Comparison result = compare(heed_with(threads), peers, job, options);
  const double heed_mb = peak_megabytes(heed_with(threads), job, short_job);
  const double peer_mb = peers.empty() ? 0 : peak_megabytes(peers[0], job, short_job);
  // Two products forward; five more backward, one of them the scores again.
  const double operations = (with_gradient ? 7.0 : 2.0) * 2 * 8 * 64 * static_cast<double>(length * length);
  table.add({static_cast<double>(length), result.ours.median, known(result.peer.median), known(result.ratio()), heed_mb,
             known(peer_mb), with_gradient ? "backward" : "forward", static_cast<double>(threads),
             1e-9 * operations / (1e-3 * result.ours.median) / (1e-9 * machine_rate(threads)), result.ours.last_result,
             known(result.peer.last_result)});
}

void run(const Arguments& arguments) {
  const std::vector<int64_t> threads = thread_counts(arguments.numbers("threads"));
  print_machine(threads);
  std::printf(
      "Batch 1, 8 heads of 64. ms a run, and MB at its peak beyond inputs, outputs and gradients. forward alone,\n"
      "or with backward. Where libtorch's score matrices would not fit into the free memory it is left out;\n"
      "fewer than 30 runs where one takes more than a second.\n\n");
  Table table({{"length", 0},
               {"heed_ms"},
               {"peer_ms"},
               {"ratio"},
               {"heed_mb", 1},
               {"peer_mb", 1},
               {"direction", 0, false},
               {"threads", 0, false},
               {"of_rate", 2, false},
               {"heed_result", 3, false},
               {"peer_result", 3, false}});
  for (const int64_t count : threads) {
    for (const int64_t length : arguments.numbers("length")) add_row(table, length, true, static_cast<int>(count));
    for (const int64_t length : arguments.numbers("forward")) add_row(table, length, false, static_cast<int>(count));
  }
  if (!arguments.text("json").empty()) table.write_json(arguments.text("json"));
}

}  // namespace
}  // namespace heed::bench

int main(int argc, char** argv) {
  using namespace heed::bench;
  return run_program(argc, argv, "attention against its length, heed's and libtorch's in turn",
                     {{"length", "lengths forward and backward", "64,128,256,512,1024,2048,4096,8192,16384"},
                      {"forward", "lengths forward alone", "131072"},
                      {"threads", "thread counts, such as 1,2", "1"},
                      {"json", "file for the rows", ""}},
                     run);
}
