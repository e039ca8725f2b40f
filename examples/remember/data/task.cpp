// The tasks: see task.h.
#include "data/task.h"

#include <array>
#include <cmath>
#include <numeric>

#include "data/vocabulary.h"

namespace remember {

namespace {

Tokens random_tokens(int64_t length, int64_t symbols, heed::Generator& generator) {
  Tokens tokens(static_cast<size_t>(length));
  for (int64_t& token : tokens) {
    token = kFirstToken + generator.below(symbols);
  }
  return tokens;
}

double all_sequences(int64_t length, int64_t symbols) {
  return std::pow(static_cast<double>(symbols), static_cast<double>(length));
}

Tokens copy_of(const Tokens& source) { return source; }

std::vector<int64_t> align_copy(const Tokens& source) {
  std::vector<int64_t> places(source.size());
  std::iota(places.begin(), places.end(), 0);
  return places;
}

Tokens reverse_of(const Tokens& source) { return {source.rbegin(), source.rend()}; }

std::vector<int64_t> align_reverse(const Tokens& source) {
  std::vector<int64_t> places(source.size());
  std::iota(places.rbegin(), places.rend(), 0);
  return places;
}

constexpr std::array kTasks = {
    Task{"copy", "x1 … xn → x1 … xn", random_tokens, copy_of, align_copy, all_sequences},
    Task{"reverse", "x1 … xn → xn … x1", random_tokens, reverse_of, align_reverse, all_sequences},
};

}  // namespace

std::span<const Task> tasks() { return kTasks; }

std::string task_names() {
  std::string names;
  for (const Task& task : kTasks) {
    names += (names.empty() ? "" : ", ") + std::string(task.name);
  }
  return names;
}

const Task* find_task(std::string_view name) {
  for (const Task& task : kTasks) {
    if (task.name == name) {
      return &task;
    }
  }
  return nullptr;
}

}  // namespace remember
