// Tasks whose source is one string: how it is drawn, and where in it the tokens of the answer stand.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <heed/tensor/random.h>

#include "data/task.h"

namespace remember {

/// a, b, c … up to 26 symbols, numbers from 0 above that; then `more`.
std::vector<std::string> letters(int64_t symbols, const std::vector<std::string>& more = {});
/// 0, 1, 2 …
std::vector<std::string> numbers(int64_t symbols);

/// Each token is any of the symbols.
Tokens random_tokens(int64_t length, int64_t symbols, heed::Generator& generator);
/// Number of sequences of that length.
double all_sequences(int64_t length, int64_t symbols);

Places in_order(const Tokens& source);
Places reversed(const Tokens& source);
Places twice(const Tokens& source);
/// x2 x1 x4 x3 …; a last token without a neighbour stays.
Places neighbours_swapped(const Tokens& source);
/// By value, stable.
Places sorted(const Tokens& source);
/// x1 x3 x5 … x2 x4 x6 …
Places odds_first(const Tokens& source);

/// A string of length / 2 tokens, twice, with one of all tokens masked: its number is that after the symbols
/// (Delétang et al. 2023, "missing duplicate string").
Tokens masked_duplicate(int64_t length, int64_t symbols, heed::Generator& generator);
double masked_duplicates(int64_t length, int64_t symbols);
/// Where the masked token's twin stands.
Places twin_of_mask(const Tokens& source);

/// One token: number 1 if the sum of the numbers is odd, else number 0.
Tokens parity_of(const Tokens& source);

}  // namespace remember
