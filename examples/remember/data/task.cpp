// The tasks: see task.h.
#include "data/task.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

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

/// x1 … xn twice.
Tokens twice(const Tokens& source) {
  Tokens answer = source;
  answer.insert(answer.end(), source.begin(), source.end());
  return answer;
}

std::vector<int64_t> align_twice(const Tokens& source) {
  std::vector<int64_t> places = align_copy(source);
  places.resize(2 * source.size());
  std::iota(places.begin() + static_cast<std::ptrdiff_t>(source.size()), places.end(), 0);
  return places;
}

/// Swaps neighbours.
std::vector<int64_t> align_flip(const Tokens& source) {
  std::vector<int64_t> places = align_copy(source);
  for (size_t i = 0; i + 1 < places.size(); i += 2) {
    std::swap(places[i], places[i + 1]);
  }
  return places;
}

/// Sorted by value, stable.
std::vector<int64_t> align_sort(const Tokens& source) {
  std::vector<int64_t> places = align_copy(source);
  std::stable_sort(places.begin(), places.end(), [&source](int64_t a, int64_t b) {
    return source[static_cast<size_t>(a)] < source[static_cast<size_t>(b)];
  });
  return places;
}

Tokens picked(const Tokens& source, const std::vector<int64_t>& places) {
  Tokens answer;
  for (const int64_t place : places) {
    answer.push_back(source[static_cast<size_t>(place)]);
  }
  return answer;
}

Tokens flip_of(const Tokens& source) { return picked(source, align_flip(source)); }
Tokens sorted(const Tokens& source) { return picked(source, align_sort(source)); }

/// Number of symbols to recall: Arjovsky, Shah, Bengio 2016, section 5.1.
constexpr int64_t kRecalled = 10;

/// The symbols, `blanks` blanks, the cue.
Tokens recall_source(int64_t blanks, int64_t symbols, heed::Generator& generator) {
  Tokens tokens = random_tokens(kRecalled, symbols, generator);
  tokens.insert(tokens.end(), static_cast<size_t>(blanks), kFirstToken + symbols);
  tokens.push_back(kFirstToken + symbols + 1);
  return tokens;
}

Tokens recalled(const Tokens& source) { return {source.begin(), source.begin() + kRecalled}; }

std::vector<int64_t> align_recall(const Tokens&) {
  std::vector<int64_t> places(static_cast<size_t>(kRecalled));
  std::iota(places.begin(), places.end(), 0);
  return places;
}

double recall_sources(int64_t, int64_t symbols) { return all_sequences(kRecalled, symbols); }

/// a, b, c … up to 26 symbols, numbers from 0 above that.
std::vector<std::string> letters(int64_t symbols) { return Vocabulary::symbols(symbols).tokens(); }

std::vector<std::string> numbers(int64_t symbols) {
  std::vector<std::string> tokens;
  for (int64_t i = 0; i < symbols; ++i) {
    tokens.push_back(std::to_string(i));
  }
  return tokens;
}

std::vector<std::string> letters_blank_cue(int64_t symbols) {
  std::vector<std::string> tokens = letters(symbols);
  tokens.insert(tokens.end(), {"_", ":"});
  return tokens;
}

constexpr std::array kTasks = {
    Task{"copy", "x1 … xn → x1 … xn", letters, random_tokens, copy_of, align_copy, all_sequences},
    Task{"reverse", "x1 … xn → xn … x1", letters, random_tokens, reverse_of, align_reverse, all_sequences},
    Task{"reduplicate", "x1 … xn → x1 … xn x1 … xn", letters, random_tokens, twice, align_twice, all_sequences},
    Task{"bigram-flip", "x1 x2 x3 x4 … → x2 x1 x4 x3 …", letters, random_tokens, flip_of, align_flip, all_sequences, 2},
    Task{"sort", "numbers → the same, sorted", numbers, random_tokens, sorted, align_sort, all_sequences},
    Task{"recall", "10 symbols, n blanks, a cue → the 10 symbols", letters_blank_cue, recall_source, recalled,
         align_recall, recall_sources, 1, kRecalled + 1},
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
