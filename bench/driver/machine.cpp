// Threads that do nothing but multiply-adds.
#include "driver/machine.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <thread>

#include <heed/tensor/simd.h>

#include "fma_rate.h"
#include "worker/clock.h"

namespace heed::bench {
namespace {

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "an unknown processor";
}

double measure(int64_t threads) {
  std::vector<double> rates(static_cast<size_t>(threads));
  std::vector<std::thread> running;
  for (double& rate : rates) running.emplace_back([&rate] { rate = fma_rate(); });
  double total = 0;
  for (size_t i = 0; i < running.size(); ++i) {
    running[i].join();
    total += rates[i];
  }
  return total;
}

}  // namespace

double machine_rate(int64_t threads) {
  static std::map<int64_t, double> measured;
  const auto found = measured.find(threads);
  return found != measured.end() ? found->second : measured[threads] = measure(threads);
}

double clock_rate() {
  constexpr int64_t kAdditions = 4'000'000;
  double best = 0;
  for (int trial = 0; trial < 50; ++trial) {
    uint64_t total = 0;
    const auto before = std::chrono::steady_clock::now();
    for (int64_t i = 0; i < kAdditions / 8; ++i) {
      // A chain that the compiler cannot shorten: each addition waits for the one before it, a cycle.
      for (int j = 0; j < 8; ++j) {
        total += 3;
        asm volatile("" : "+r"(total));
      }
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - before;
    best = std::max(best, static_cast<double>(kAdditions) / seconds.count());
  }
  return best;
}

std::vector<int64_t> thread_counts(const std::vector<int64_t>& asked) {
  if (!asked.empty()) return asked;
  return std::thread::hardware_concurrency() > 1 ? std::vector<int64_t>{1, 2} : std::vector<int64_t>{1};
}

void print_machine(const std::vector<int64_t>& threads) {
  std::printf("%s, %u cores, %s\n", processor().c_str(), std::thread::hardware_concurrency(), simd_target().c_str());
  for (const int64_t count : threads) {
    std::printf("multiply-adds, %d thread%s: %.1f GFLOP/s\n", static_cast<int>(count), count == 1 ? "" : "s",
                machine_rate(count) * 1e-9);
  }
  if (measures_processor_time()) std::printf("HEED_BENCH_CLOCK=cpu: times are those of the processor.\n");
}

}  // namespace heed::bench
