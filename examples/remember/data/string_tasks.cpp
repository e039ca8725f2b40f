// Strings and rearrangements: see string_tasks.h.
#include "data/string_tasks.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "data/vocabulary.h"

namespace remember {

std::vector<std::string> letters(int64_t symbols, const std::vector<std::string>& more) {
  std::vector<std::string> tokens = Vocabulary::symbols(symbols).tokens();
  tokens.insert(tokens.end(), more.begin(), more.end());
  return tokens;
}

std::vector<std::string> numbers(int64_t symbols) {
  std::vector<std::string> tokens;
  for (int64_t i = 0; i < symbols; ++i) {
    tokens.push_back(std::to_string(i));
  }
  return tokens;
}

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

Places in_order(const Tokens& source) {
  Places places(source.size());
  std::iota(places.begin(), places.end(), 0);
  return places;
}

Places reversed(const Tokens& source) {
  Places places(source.size());
  std::iota(places.rbegin(), places.rend(), 0);
  return places;
}

Places twice(const Tokens& source) {
  Places places = in_order(source);
  places.resize(2 * source.size());
  std::iota(places.begin() + static_cast<std::ptrdiff_t>(source.size()), places.end(), 0);
  return places;
}

Places neighbours_swapped(const Tokens& source) {
  Places places = in_order(source);
  for (size_t i = 0; i + 1 < places.size(); i += 2) {
    std::swap(places[i], places[i + 1]);
  }
  return places;
}

Places sorted(const Tokens& source) {
  Places places = in_order(source);
  std::stable_sort(places.begin(), places.end(), [&source](int64_t a, int64_t b) {
    return source[static_cast<size_t>(a)] < source[static_cast<size_t>(b)];
  });
  return places;
}

Places odds_first(const Tokens& source) {
  Places places = in_order(source);
  std::stable_partition(places.begin(), places.end(), [](int64_t place) { return place % 2 == 0; });
  return places;
}

Tokens masked_duplicate(int64_t length, int64_t symbols, heed::Generator& generator) {
  const Tokens half = random_tokens(length / 2, symbols, generator);
  Tokens source = half;
  source.insert(source.end(), half.begin(), half.end());
  source[static_cast<size_t>(generator.below(length))] = kFirstToken + symbols;
  return source;
}

double masked_duplicates(int64_t length, int64_t symbols) {
  return static_cast<double>(length) * all_sequences(length / 2, symbols);
}

Places twin_of_mask(const Tokens& source) {
  const auto half = static_cast<std::ptrdiff_t>(source.size() / 2);
  const auto [first, second] = std::mismatch(source.begin(), source.begin() + half, source.begin() + half);
  // the mask has the larger number
  return {(*first < *second ? first : second) - source.begin()};
}

Tokens parity_of(const Tokens& source) {
  int64_t sum = 0;
  for (const int64_t token : source) {
    sum += token - kFirstToken;
  }
  return {kFirstToken + sum % 2};
}

}  // namespace remember
