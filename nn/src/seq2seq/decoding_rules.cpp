// The rules of namespace decoding: each changes a row of log-probabilities at a time.
#include <heed/nn/seq2seq/decoding_rules.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include <heed/tensor/error.h>

namespace heed::decoding {
namespace {

constexpr double kImpossible = -std::numeric_limits<double>::infinity();

/// A rule that looks at one row at a time: change(row, prefix, special tokens).
template <class Change>
DecodingRule by_row(std::string name, Change change) {
  return {std::move(name), [change](Tensor& log_p, const DecodingContext& context) {
            const auto symbols = static_cast<size_t>(log_p.size(1));
            auto* values = log_p.mutable_data<double>();
            for (const DecodingPrefix& prefix : context.prefixes) {
              change(std::span<double>(values, symbols), prefix, context.special);
              values += symbols;
            }
          }};
}

/// The possible symbols of a row, the most probable first.
std::vector<size_t> ranked(std::span<const double> row) {
  std::vector<size_t> symbols;
  for (size_t symbol = 0; symbol < row.size(); ++symbol) {
    if (row[symbol] > kImpossible) {
      symbols.push_back(symbol);
    }
  }
  std::stable_sort(symbols.begin(), symbols.end(), [row](size_t a, size_t b) { return row[a] > row[b]; });
  return symbols;
}

/// Forbids all but the first `kept` of `symbols`.
void keep_first(std::span<double> row, const std::vector<size_t>& symbols, size_t kept) {
  for (size_t rank = kept; rank < symbols.size(); ++rank) {
    row[symbols[rank]] = kImpossible;
  }
}

void flatten(std::span<double> row, double temperature) {
  const double largest = *std::max_element(row.begin(), row.end());
  if (largest == kImpossible) {
    return;
  }
  double total = 0;
  for (double& value : row) {
    value = (value - largest) / temperature;
    total += std::exp(value);
  }
  for (double& value : row) {
    value -= std::log(total);
  }
}

void keep_nucleus(std::span<double> row, double p) {
  const std::vector<size_t> symbols = ranked(row);
  if (symbols.empty()) {
    return;
  }
  const double largest = row[symbols.front()];
  const double total = std::accumulate(symbols.begin(), symbols.end(), 0.0, [&](double sum, size_t symbol) {
    return sum + std::exp(row[symbol] - largest);
  });
  double sum = 0;
  size_t kept = 0;
  while (kept < symbols.size() && sum < p * total) {
    sum += std::exp(row[symbols[kept++]] - largest);
  }
  keep_first(row, symbols, kept);
}

void forbid_repeats(std::span<double> row, std::span<const int64_t> tokens, size_t n) {
  if (tokens.size() < n) {
    return;
  }
  const auto last = tokens.last(n - 1);
  for (size_t begin = 0; begin + n <= tokens.size(); ++begin) {
    if (std::equal(last.begin(), last.end(), tokens.begin() + static_cast<std::ptrdiff_t>(begin))) {
      row[static_cast<size_t>(tokens[begin + n - 1])] = kImpossible;
    }
  }
}

std::vector<bool> marked(const char* op, const std::vector<int64_t>& tokens, size_t symbols) {
  std::vector<bool> marks(symbols, false);
  for (const int64_t token : tokens) {
    check<IndexError>(token >= 0 && static_cast<size_t>(token) < symbols, op, "symbols must be in 0 … ",
                      static_cast<int64_t>(symbols) - 1, ", got ", token);
    marks[static_cast<size_t>(token)] = true;
  }
  return marks;
}

/// Forbids the symbols that are marked, or not, as `forbidden` says.
DecodingRule constraint(const char* op, TokensOfPrefix tokens, bool forbidden) {
  check(tokens != nullptr, op, "needs a function of the prefix, got none");
  return by_row(op, [op, tokens = std::move(tokens), forbidden](std::span<double> row, const DecodingPrefix& prefix,
                                                                const SpecialTokens&) {
    const std::vector<bool> marks = marked(op, tokens(prefix), row.size());
    for (size_t symbol = 0; symbol < row.size(); ++symbol) {
      row[symbol] = marks[symbol] == forbidden ? kImpossible : row[symbol];
    }
  });
}

}  // namespace

DecodingRule temperature(double temperature) {
  check(std::isfinite(temperature) && temperature > 0, "temperature", "must be above 0 and finite, got ", temperature);
  return by_row("temperature", [temperature](std::span<double> row, const DecodingPrefix&, const SpecialTokens&) {
    flatten(row, temperature);
  });
}

DecodingRule top_k(int64_t k) {
  check(k >= 1, "top_k", "k must be at least 1, got ", k);
  return by_row("top_k", [k](std::span<double> row, const DecodingPrefix&, const SpecialTokens&) {
    keep_first(row, ranked(row), static_cast<size_t>(k));
  });
}

DecodingRule top_p(double p) {
  check(p > 0 && p <= 1, "top_p", "p must be above 0 and at most 1, got ", p);
  return by_row("top_p", [p](std::span<double> row, const DecodingPrefix&, const SpecialTokens&) {
    if (p < 1) {  // sums are rounded: all would not reach 1
      keep_nucleus(row, p);
    }
  });
}

DecodingRule min_length(int64_t length) {
  check(length >= 0, "min_length", "must not be negative, got ", length);
  return by_row("min_length",
                [length](std::span<double> row, const DecodingPrefix& prefix, const SpecialTokens& special) {
                  const auto eos = static_cast<size_t>(special.eos);
                  if (static_cast<int64_t>(prefix.tokens.size()) < length && eos < row.size()) {
                    row[eos] = kImpossible;
                  }
                });
}

DecodingRule no_repeat_ngram(int64_t n) {
  check(n >= 1, "no_repeat_ngram", "n must be at least 1, got ", n);
  return by_row("no_repeat_ngram", [n](std::span<double> row, const DecodingPrefix& prefix, const SpecialTokens&) {
    forbid_repeats(row, prefix.tokens, static_cast<size_t>(n));
  });
}

DecodingRule allow(TokensOfPrefix tokens) { return constraint("allow", std::move(tokens), false); }

DecodingRule forbid(TokensOfPrefix tokens) { return constraint("forbid", std::move(tokens), true); }

}  // namespace heed::decoding
