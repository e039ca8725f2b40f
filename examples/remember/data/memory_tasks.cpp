// Sources with parts: see memory_tasks.h.
#include "data/memory_tasks.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "data/string_tasks.h"
#include "data/vocabulary.h"

namespace remember {

namespace {

Tokens joined(Tokens first, int64_t mark, const Tokens& second) {
  first.push_back(mark);
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// Any piece of the string, but not its end.
Tokens piece_of(const Tokens& text, heed::Generator& generator) {
  const auto begin = text.begin() + generator.below(static_cast<int64_t>(text.size()) - kKey);
  return {begin, begin + kKey};
}

/// The places from the first `key` in the string to the string's end.
Places places_after(const Tokens& source, int64_t begin, int64_t end, int64_t key) {
  const auto at = source.begin();
  const auto found = std::search(at + begin, at + end, at + key, at + key + kKey);
  const int64_t first = found - at + kKey;
  Places places(static_cast<size_t>(end - first));
  std::iota(places.begin(), places.end(), first);
  return places;
}

/// `count` different numbers below `bound`.
std::vector<int64_t> different(int64_t count, int64_t bound, heed::Generator& generator) {
  std::vector<int64_t> numbers;
  while (static_cast<int64_t>(numbers.size()) < count) {
    const int64_t number = generator.below(bound);
    if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

/// `count` different numbers below `bound`; i is drawn with the weight 1 / (i + 1). Weights are whole numbers, because
/// sums of fractions would not be the same on every machine.
std::vector<int64_t> different_near(int64_t count, int64_t bound, heed::Generator& generator) {
  std::vector<int64_t> weights;
  for (int64_t i = 0; i < bound; ++i) {
    weights.push_back((int64_t{1} << 32) / (i + 1));
  }
  std::vector<int64_t> numbers;
  for (int64_t i = 0; i < count; ++i) {
    int64_t rest = generator.below(std::accumulate(weights.begin(), weights.end(), int64_t{0}));
    size_t number = 0;
    while (rest >= weights[number]) {
      rest -= weights[number++];
    }
    weights[number] = 0;
    numbers.push_back(static_cast<int64_t>(number));
  }
  return numbers;
}

}  // namespace

Tokens recall_source(int64_t blanks, int64_t symbols, heed::Generator& generator) {
  Tokens tokens = random_tokens(kRecalled, symbols, generator);
  tokens.insert(tokens.end(), static_cast<size_t>(blanks), kFirstToken + symbols);
  tokens.push_back(kFirstToken + symbols + 1);
  return tokens;
}

double recall_sources(int64_t, int64_t symbols) { return all_sequences(kRecalled, symbols); }

Places recalled(const Tokens&) {
  Places places(static_cast<size_t>(kRecalled));
  std::iota(places.begin(), places.end(), 0);
  return places;
}

Tokens lookup_source(int64_t length, int64_t symbols, heed::Generator& generator) {
  const Tokens text = random_tokens(length, symbols, generator);
  return joined(text, kFirstToken + symbols, piece_of(text, generator));
}

Tokens prefix_lookup_source(int64_t length, int64_t symbols, heed::Generator& generator) {
  const Tokens text = random_tokens(length, symbols, generator);
  return joined(piece_of(text, generator), kFirstToken + symbols, text);
}

Places looked_up(const Tokens& source) {
  const auto size = static_cast<int64_t>(source.size());
  return places_after(source, 0, size - kKey - 1, size - kKey);
}

Places prefix_looked_up(const Tokens& source) {
  return places_after(source, kKey + 1, static_cast<int64_t>(source.size()), 0);
}

Tokens pairs_source(int64_t length, int64_t symbols, heed::Generator& generator) {
  const int64_t pairs = length / kTokensPerPair;
  const int64_t first_value = symbols / 2;
  const std::vector<int64_t> keys = different(pairs, first_value, generator);
  const std::vector<int64_t> values = different(pairs, symbols - first_value, generator);
  const std::vector<int64_t> gaps = different_near(pairs, length / 2 - pairs, generator);
  Tokens source(static_cast<size_t>(length), kFirstToken + symbols);
  for (int64_t i = 0; i < pairs; ++i) {
    const int64_t key = kFirstToken + keys[static_cast<size_t>(i)];
    source[static_cast<size_t>(2 * i)] = key;
    source[static_cast<size_t>(2 * i + 1)] = kFirstToken + first_value + values[static_cast<size_t>(i)];
    source[static_cast<size_t>(2 * (pairs + gaps[static_cast<size_t>(i)]))] = key;
  }
  return source;
}

double pairs_sources(int64_t length, int64_t symbols) {
  double sources = 1;
  for (int64_t i = 0; i < length / kTokensPerPair; ++i) {
    sources *= static_cast<double>(std::max<int64_t>(0, symbols / 2 - i) * (symbols - symbols / 2 - i));
  }
  return sources;
}

Places values_asked_for(const Tokens& source) {
  const auto pairs = static_cast<std::ptrdiff_t>(source.size()) / kTokensPerPair;
  const auto end_of_pairs = source.begin() + 2 * pairs;
  Places places;
  for (auto asked = end_of_pairs; asked != source.end(); ++asked) {
    if (const auto key = std::find(source.begin(), end_of_pairs, *asked); key != end_of_pairs) {
      places.push_back(key - source.begin() + 1);
    }
  }
  return places;
}

}  // namespace remember
