// bench_attention: time and memory of scaled dot-product attention against its length, heed's and libtorch's in turn.
#include <algorithm>
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

/// Operations of the products: scores and output, and two for each of them backward.
double operations(int64_t length, bool with_gradient) {
  return (with_gradient ? 6.0 : 2.0) * 2 * 8 * 64 * static_cast<double>(length) * static_cast<double>(length);
}

struct SingleRun {
  double megabytes = 0, milliseconds = 0;
  double result = 0;
};

/// One run in a new process, after a short one that loads what is loaded once; zeros without that worker.
SingleRun run_once(const Contestant& contestant, const std::string& job, const std::string& short_job) {
  if (!takes_part(contestant)) return {};
  WorkerProcess worker(contestant.program, contestant.environment);
  worker.ask("make " + short_job);
  worker.ask("run 1 1");
  worker.ask("make " + job);
  const std::vector<double> measured = worker.ask("memory");
  return {std::max(0.0, measured.at(0)), measured.at(1), worker.ask("result").at(1)};
}

/// In turn; or once, where a run takes many seconds.
Comparison timed(const Contestant& ours, const std::vector<Contestant>& peers, const std::string& job, double expected,
                 const SingleRun& our_run, const SingleRun& peer_run) {
  if (expected > 2e3) {
    return {{our_run.milliseconds, our_run.milliseconds, our_run.result, our_run.result},
            {peer_run.milliseconds, peer_run.milliseconds, peer_run.result, peer_run.result}};
  }
  return compare(ours, peers, job,
                 {.measurements = expected < 500 ? 30 : 5, .warm_up = expected < 500 ? 5 : 1, .fresh_each_run = false});
}

void add_row(Table& table, int64_t length, bool with_gradient, int threads) {
  const std::string direction = with_gradient ? " backward" : " forward";
  const std::string job = "attention " + std::to_string(length) + direction, short_job = "attention 16" + direction;
  std::vector<Contestant> peers;
  if (peer_bytes(length, with_gradient) < 0.4 * available_bytes()) peers = torch_with(threads);
  const double rate = machine_rate(threads), expected = 1e3 * operations(length, with_gradient) / rate;
  const SingleRun our_run = run_once(heed_with(threads), job, short_job);
  const SingleRun peer_run = peers.empty() ? SingleRun() : run_once(peers[0], job, short_job);
  const Comparison result = timed(heed_with(threads), peers, job, expected, our_run, peer_run);
  table.add({static_cast<double>(length), result.ours.median, known(result.peer.median), known(result.ratio()),
             our_run.megabytes, known(peer_run.megabytes), with_gradient ? "backward" : "forward",
             static_cast<double>(threads), expected / result.ours.median, result.ours.tenth, known(result.peer.tenth),
             known(result.ratio_of_tenths()), result.ours.last_result, known(result.peer.last_result)});
}

void run(const Arguments& arguments) {
  if (arguments.text("peer") == "no") leave_peers_out();
  const std::vector<int64_t> threads = thread_counts(arguments.numbers("threads"));
  print_machine(threads);
  print_peers({"torch_worker"});
  std::printf(
      "Batch 1, 8 heads of 64. ms a run, and MB at its peak beyond inputs, outputs and gradients. forward alone,\n"
      "or with backward. Where libtorch's score matrices would not fit into the free memory it is left out;\n"
      "fewer than 30 runs where one takes more than half a second. Medians; p10: 10th percentiles.\n\n");
  Table table({{"length", 0},
               {"heed_ms"},
               {"peer_ms"},
               {"ratio"},
               {"heed_mb", 1},
               {"peer_mb", 1},
               {"direction", 0, false},
               {"threads", 0, false},
               {"limit_fraction", 2, false},
               {"heed_p10", 2, false},
               {"peer_p10", 2, false},
               {"ratio_p10", 2, false},
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
                      {"peer", "yes or no", "yes"},
                      {"json", "file for the rows", ""}},
                     run);
}
