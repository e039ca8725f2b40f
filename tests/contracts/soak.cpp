// soak STEPS THREADS: long use does not grow. STEPS training steps of random lengths, THREADS short-lived threads one
// after the other, each with a training step of its own, and four trainings at once, which end with the bits that they
// have alone. Exits 1 when resident memory grew or anything differs.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <functional>
#include <iostream>
#include <thread>

#include <heed/autograd/node.h>

#include "contracts/training_run.h"
#include "support/reference.h"
#include "support/resident_memory.h"

namespace heed::test {
namespace {

constexpr double kAllowed = 512 * 1024;  // bytes, from the first look to the last

/// Does `body` `count` times, and says how resident memory grew after the first tenth, in which caches fill.
bool stays_flat(const char* what, int64_t count, const std::function<void(int64_t)>& body) {
  const int64_t settled = count / 10, every = std::max<int64_t>(count / 500, 1);
  std::vector<double> at, bytes;
  bool nodes_left = false;
  for (int64_t i = 1; i <= count; ++i) {
    body(i);
    nodes_left = nodes_left || live_nodes() != 0;
    if (i > settled && i % every == 0) {
      at.push_back(static_cast<double>(i));
      bytes.push_back(static_cast<double>(resident_bytes()));
    }
  }
  const double slope = least_squares_slope(at, bytes);
  const double rise = at.empty() ? 0 : slope * (at.back() - at.front());
  std::cout << count << ' ' << what << ": resident memory " << std::llround(slope * 1000) << " bytes per 1,000, "
            << (bytes.empty() ? 0 : std::llround(bytes.back() / 1024)) << " KiB at the end"
            << (nodes_left ? ", nodes left behind" : "") << std::endl;
  return rise <= kAllowed && !nodes_left;
}

void random_step(Reader& model, Optimizer& optimizer, Generator& generator) {
  const int64_t batch = 1 + generator.below(4), longest = 1 + generator.below(24);
  train_step(model, optimizer, randint({batch, longest}, 0, kSymbols, generator),
             randint({batch}, 1, longest + 1, generator));
}

bool soak_steps(int64_t count) {
  Reader model(6);
  AdamW optimizer(model, {.lr = 1e-3});
  Generator generator(1);
  return stays_flat("steps of random lengths", count, [&](int64_t) { random_step(model, optimizer, generator); });
}

bool soak_threads(int64_t count) {
  return stays_flat("short-lived threads", count, [](int64_t i) {
    std::thread([i] {
      Reader model(6);
      AdamW optimizer(model, {.lr = 1e-3});
      Generator generator(static_cast<uint64_t>(i));
      random_step(model, optimizer, generator);
    }).join();
  });
}

std::vector<Tensor> trained(uint64_t seed, int64_t steps) {
  seed_default_generator(seed);
  TrainingRun training;
  training.run_to(steps);
  std::vector<Tensor> parameters;
  for (const Variable& parameter : training.model().parameters()) {
    parameters.push_back(parameter.value());
  }
  return parameters;
}

bool soak_trainings(int64_t steps) {
  constexpr size_t kTrainings = 4;
  std::vector<std::vector<Tensor>> together(kTrainings);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kTrainings; ++i) {
    threads.emplace_back([&parameters = together[i], i, steps] { parameters = trained(i, steps); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  size_t same = 0;
  for (size_t i = 0; i < kTrainings; ++i) {
    const std::vector<Tensor> alone = trained(i, steps);
    same += std::equal(alone.begin(), alone.end(), together[i].begin(), together[i].end(), same_bits) ? 1 : 0;
  }
  std::cout << kTrainings << " trainings of " << steps << " steps at once: " << same
            << " with the bits that they have alone, " << resident_bytes() / 1024 << " KiB" << std::endl;
  return same == kTrainings && live_nodes() == 0;
}

bool read(const char* text, int64_t& number) {
  const char* end = text + std::strlen(text);
  const auto [stopped, error] = std::from_chars(text, end, number);
  return error == std::errc() && stopped == end && number >= 10;
}

}  // namespace
}  // namespace heed::test

int main(int count, char** arguments) {
  using namespace heed::test;
  int64_t steps = 0, threads = 0;
  if (count != 3 || !read(arguments[1], steps) || !read(arguments[2], threads)) {
    std::cerr << "usage: soak STEPS THREADS, both at least 10\n";
    return 2;
  }
  const bool flat = soak_steps(steps), ended = soak_threads(threads), same = soak_trainings(steps / 10);
  return flat && ended && same ? 0 : 1;
}
