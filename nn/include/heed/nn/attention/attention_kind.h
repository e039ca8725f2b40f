// AttentionKind: which attention a decoder has, as a run-time value.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include <heed/nn/attention/attention.h>

namespace heed {

/// What a decoder sees of the source beside the encoder's final state.
///   none      nothing: the fixed-length vector (Sutskever, Vinyals, Le 2014; Cho et al. 2014)
///   additive  v·tanh(W s + U h) (Bahdanau, Cho, Bengio 2015)
///   dot, general, concat  Luong, Pham, Manning 2015, section 3.1
///   scaled    dot over the root of the size (Vaswani et al. 2017)
///   location  additive, and a walk from where it looked last (LocationAttention)
enum class AttentionKind { none, additive, dot, general, concat, scaled, location };

/// All of them, in that order.
std::span<const AttentionKind> attention_kinds();
/// The enumerator as text.
const char* name_of(AttentionKind kind);
/// Throws ValueError listing the names there are.
AttentionKind parse_attention_kind(std::string_view name);
/// Whether queries and memory must be of one size: dot, scaled.
bool needs_one_size(AttentionKind kind);

/// A new layer of that kind, null for none; additive and concat compare in `query_size` dimensions. Throws ValueError
/// for sizes below 1, for two sizes where one is needed, and for location, which is no Attention: it has a state.
std::unique_ptr<Attention> make_attention(AttentionKind kind, int64_t query_size, int64_t memory_size);

}  // namespace heed
