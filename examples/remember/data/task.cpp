// The tasks: see task.h.
#include "data/task.h"

#include <array>

#include "data/memory_tasks.h"
#include "data/string_tasks.h"

namespace remember {

namespace {

/// The answer of a task that repeats tokens of its source.
template <Places (*places)(const Tokens&)>
Tokens tokens_at(const Tokens& source) {
  Tokens answer;
  for (const int64_t place : places(source)) {
    answer.push_back(source[static_cast<size_t>(place)]);
  }
  return answer;
}

/// A task whose source is any string and whose answer consists of all its tokens, at `places`.
template <Places (*places)(const Tokens&)>
constexpr Task rearranging(std::string_view name, std::string_view summary) {
  Task task = {name,   summary,      [](int64_t symbols) { return letters(symbols); }, random_tokens, tokens_at<places>,
               places, all_sequences};
  task.holds_source = true;
  return task;
}

std::vector<std::string> letters_blank(int64_t symbols) { return letters(symbols, {"_"}); }
std::vector<std::string> letters_mark(int64_t symbols) { return letters(symbols, {":"}); }
std::vector<std::string> letters_blank_cue(int64_t symbols) { return letters(symbols, {"_", ":"}); }

Places nowhere(const Tokens&) { return {}; }

constexpr Task with_length_step(Task task, int64_t step) {
  task.length_step = step;
  return task;
}

constexpr Task with_chance(Task task, double (*chance)(int64_t)) {
  task.chance = chance;
  return task;
}

constexpr std::array kTasks = {
    rearranging<in_order>("copy", "x1 … xn → x1 … xn"),
    rearranging<reversed>("reverse", "x1 … xn → xn … x1"),
    rearranging<twice>("reduplicate", "x1 … xn → x1 … xn x1 … xn"),
    rearranging<twice>("duplicate", "x1 … xn → x1 … xn x1 … xn"),
    with_length_step(rearranging<neighbours_swapped>("bigram-flip", "x1 x2 x3 x4 … → x2 x1 x4 x3 …"), 2),
    rearranging<odds_first>("odds-first", "x1 … xn → x1 x3 x5 … x2 x4 x6 …"),
    Task{"sort", "numbers → the same, sorted", numbers, random_tokens, tokens_at<sorted>, sorted, all_sequences},
    with_chance(Task{"missing-duplicate", "x1 … xm x1 … xm with one masked → the masked token (n = 2 m)", letters_blank,
                     masked_duplicate, tokens_at<twin_of_mask>, twin_of_mask, masked_duplicates, 2},
                [](int64_t symbols) { return 1 / static_cast<double>(symbols); }),
    with_chance(Task{"parity", "numbers → 1 if their sum is odd, else 0", numbers, random_tokens, parity_of, nowhere,
                     all_sequences},
                [](int64_t) { return 0.5; }),
    Task{"recall", "10 symbols, n blanks, a cue → the 10 symbols", letters_blank_cue, recall_source,
         tokens_at<recalled>, recalled, recall_sources, 1, 1, kRecalled + 1},
    Task{"lookup", "x1 … xn : 3 tokens of it → what follows them in x1 … xn", letters_mark, lookup_source,
         tokens_at<looked_up>, looked_up, all_sequences, 1, kKey + 1, kKey + 1},
    Task{"lookup-prefix", "3 tokens of x1 … xn : x1 … xn → what follows them", letters_mark, prefix_lookup_source,
         tokens_at<prefix_looked_up>, prefix_looked_up, all_sequences, 1, kKey + 1, kKey + 1},
    Task{"pairs-recall", "keys, each with its value, then the keys among blanks → their values (n / 16 pairs)",
         letters_blank, pairs_source, tokens_at<values_asked_for>, values_asked_for, pairs_sources, kTokensPerPair},
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

double chance(std::string_view task, int64_t symbols) {
  const Task* found = find_task(task);
  return found == nullptr ? 0 : found->chance(symbols);
}

}  // namespace remember
