// PositionKind: how a transformer knows where a symbol stands, as a run-time value.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <heed/nn/attention/score_term.h>

namespace heed {

///   none        not at all, but for what a decoder's causal mask tells
///   sinusoidal  the distance from the start, as sinusoids added to the embeddings (Vaswani et al. 2017, section 3.5)
///   relative    the distance between two symbols, inside self-attention (Shaw, Uszkoreit, Vaswani 2018)
///   randomized  as sinusoidal, but at an ascending random choice of more positions than any sequence has (Ruoss et al.
///               2023), so that none that a long sequence needs is new
///   both_ends   the distances from the start and from the end, each as sinusoids on half of the features, in training
///               at a random start and of a random stride, which source and target share
///   rotary      queries and keys of self-attention turned by their positions (Su et al. 2021)
///   alibi       scores of self-attention that fall with distance (Press, Smith, Lewis 2022)
///   hard_alibi  half of the heads of self-attention see the last positions only, the others know none (Jelassi et al.
///               2024)
enum class PositionKind { none, sinusoidal, relative, randomized, both_ends, rotary, alibi, hard_alibi };

/// All of them, in that order.
std::span<const PositionKind> position_kinds();
/// The enumerator as text, with "-" for "_": "both-ends".
const char* name_of(PositionKind kind);
/// Throws ValueError listing the names there are.
PositionKind parse_position_kind(std::string_view name);

/// The size of a model with so many heads must be a multiple of this.
int64_t size_unit(PositionKind kind, int64_t heads);

/// What self-attention has of that kind; empty where positions are added to the embeddings, or not known at all.
/// max_distance: of relative positions.
MakeScoreTerm score_term_of(PositionKind kind, int64_t max_distance = 16);

}  // namespace heed
