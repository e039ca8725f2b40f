// independent_graphs THREADS N: N random programs and a training run in each of THREADS threads at once give the bits
// that they give alone. Exits 1 when they do not. Under the thread sanitizer it is a test of data races, in graphs and
// in the teams of threads that operations start.
#include <charconv>
#include <cstring>
#include <exception>
#include <iostream>
#include <thread>

#include <heed/autograd/node.h>
#include <heed/tensor/parallel.h>

#include "contracts/training_run.h"
#include "graphs/graph_check.h"

namespace {

using heed::Tensor;

struct Outcome {
  std::vector<Tensor> values;
  std::string error;
};

bool read(const char* text, uint64_t& number) {
  const char* end = text + std::strlen(text);
  const auto [stopped, error] = std::from_chars(text, end, number);
  return error == std::errc() && stopped == end && number > 0;
}

Outcome run(uint64_t thread, uint64_t programs) {
  Outcome outcome;
  try {
    for (uint64_t i = 0; i < programs; ++i) {
      const uint64_t seed = thread * 1'000'003 + i;
      for (const Tensor& gradient : heed::test::gradients_of(heed::test::RandomProgram(seed), seed)) {
        outcome.values.push_back(gradient);
      }
    }
    heed::seed_default_generator(thread);
    heed::test::TrainingRun training(48);  // wide enough that work is divided
    training.run_to(6);
    for (const heed::Variable& parameter : training.model().parameters()) {
      outcome.values.push_back(parameter.value());
    }
  } catch (const std::exception& error) {
    outcome.error = error.what();
  }
  return outcome;
}

/// What differs, or "".
std::string difference(const Outcome& together, const Outcome& alone) {
  if (!together.error.empty() || !alone.error.empty()) {
    return "an error: " + (together.error.empty() ? alone.error : together.error);
  }
  if (together.values.size() != alone.values.size()) {
    return "another number of values";
  }
  for (size_t i = 0; i < alone.values.size(); ++i) {
    if (!heed::test::same_bits(together.values[i], alone.values[i])) {
      return "value " + std::to_string(i) + " of " + std::to_string(alone.values.size()) + " differs";
    }
  }
  return "";
}

}  // namespace

int main(int count, char** arguments) {
  uint64_t threads = 0, programs = 0;
  if (count != 3 || !read(arguments[1], threads) || !read(arguments[2], programs) || threads > 1024) {
    std::cerr << "usage: independent_graphs THREADS N\n";
    return 2;
  }
  heed::set_num_threads(3);
  std::vector<Outcome> together(threads);
  std::vector<std::thread> running;
  for (uint64_t i = 0; i < threads; ++i) {
    running.emplace_back([&outcome = together[i], i, programs] { outcome = run(i, programs); });
  }
  for (std::thread& thread : running) {
    thread.join();
  }
  int wrong = 0;
  for (uint64_t i = 0; i < threads; ++i) {
    const std::string found = difference(together[i], run(i, programs));
    if (!found.empty()) {
      ++wrong;
      std::cout << "thread " << i << ": " << found << '\n';
    }
  }
  std::cout << threads << " threads of " << programs << " programs and a training run each: " << wrong << " wrong, "
            << heed::live_nodes() << " nodes left\n";
  return wrong == 0 && heed::live_nodes() == 0 ? 0 : 1;
}
