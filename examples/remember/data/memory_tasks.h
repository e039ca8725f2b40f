// Tasks whose source has parts: what is to be remembered, and what asks for it.
#pragma once

#include <cstdint>

#include <heed/tensor/random.h>

#include "data/task.h"

namespace remember {

/// Number of symbols to recall: Arjovsky, Shah, Bengio 2016, section 5.1.
inline constexpr int64_t kRecalled = 10;
/// The symbols, `blanks` blanks, the cue; blank and cue have the numbers after the symbols.
Tokens recall_source(int64_t blanks, int64_t symbols, heed::Generator& generator);
double recall_sources(int64_t blanks, int64_t symbols);
Places recalled(const Tokens& source);

/// Number of tokens of the piece that is looked up.
inline constexpr int64_t kKey = 3;
/// A string, a mark (the number after the symbols), and a piece of kKey tokens of the string that is not at its end:
/// n-gram lookup with a suffix key, Jelassi et al. 2024, section 3.
Tokens lookup_source(int64_t length, int64_t symbols, heed::Generator& generator);
/// The piece, the mark, the string: a prefix key.
Tokens prefix_lookup_source(int64_t length, int64_t symbols, heed::Generator& generator);
/// What follows in the string where the piece stands first.
Places looked_up(const Tokens& source);
Places prefix_looked_up(const Tokens& source);

/// Tokens per pair of pairs-recall: Arora et al. 2023 have 64 with 4 pairs, 128 with 8, 256 with 16.
inline constexpr int64_t kTokensPerPair = 16;
/// Multi-query associative recall (Arora et al. 2023, section 4): `length` tokens, of which the first are length / 16
/// keys (from the first half of the symbols), each followed by its value (from the second half); keys and values are
/// different. Each key comes once more, at an even distance from the pairs that is drawn with a weight of 1 / distance
/// (in the authors' code, distance to the power of -0.99); between them are blanks (the number after the symbols).
Tokens pairs_source(int64_t length, int64_t symbols, heed::Generator& generator);
/// 0 with fewer symbols than the pairs need.
double pairs_sources(int64_t length, int64_t symbols);
/// The values of the keys that come once more, in their order.
Places values_asked_for(const Tokens& source);

}  // namespace remember
