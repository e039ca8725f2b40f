// PositionKind: how a transformer knows where a symbol stands, as a run-time value.
#pragma once

#include <string_view>

namespace heed {

///   none        not at all, but for what a decoder's causal mask tells
///   sinusoidal  the distance from the start, as sinusoids added to the embeddings (Vaswani et al. 2017, section 3.5)
///   relative    the distance between two symbols, inside self-attention (Shaw, Uszkoreit, Vaswani 2018)
///   randomized  as sinusoidal, but at an ascending random choice of more positions than any sequence has (Ruoss et al.
///               2023), so that none that a long sequence needs is new
///   both_ends   the distances from the start and from the end, each as sinusoids on half of the features, in training
///               at a random start and of a random stride, which source and target share
enum class PositionKind { none, sinusoidal, relative, randomized, both_ends };

/// The enumerator as text; both_ends is "both-ends".
const char* name_of(PositionKind kind);
/// Throws ValueError listing the names there are.
PositionKind parse_position_kind(std::string_view name);

}  // namespace heed
