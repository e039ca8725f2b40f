// Kinds of attention: names, and the layers.
#include <heed/nn/attention/attention_kind.h>

#include <heed/nn/attention/luong_attention.h>
#include <heed/tensor/error.h>

namespace heed {

const char* name_of(AttentionKind kind) {
  switch (kind) {
    case AttentionKind::additive:
      return "additive";
    case AttentionKind::dot:
      return "dot";
    case AttentionKind::general:
      return "general";
    case AttentionKind::concat:
      return "concat";
    case AttentionKind::scaled:
      return "scaled";
    case AttentionKind::location:
      return "location";
    default:
      return "none";
  }
}

AttentionKind parse_attention_kind(std::string_view name) {
  for (const AttentionKind kind :
       {AttentionKind::none, AttentionKind::additive, AttentionKind::dot, AttentionKind::general, AttentionKind::concat,
        AttentionKind::scaled, AttentionKind::location}) {
    if (name == name_of(kind)) {
      return kind;
    }
  }
  fail("parse_attention_kind", "the kinds are none, additive, dot, general, concat, scaled and location, got '", name,
       "'");
}

std::unique_ptr<Attention> make_attention(AttentionKind kind, int64_t query_size, int64_t memory_size) {
  switch (kind) {
    case AttentionKind::additive:
      return std::make_unique<AdditiveAttention>(query_size, memory_size, query_size);
    case AttentionKind::dot:
      return std::make_unique<LuongAttention>(query_size, memory_size, LuongScore::dot);
    case AttentionKind::general:
      return std::make_unique<LuongAttention>(query_size, memory_size, LuongScore::general);
    case AttentionKind::concat:
      return std::make_unique<LuongAttention>(query_size, memory_size, LuongScore::concat);
    case AttentionKind::scaled:
      check(query_size == memory_size, "make_attention", "scaled attention needs queries and memory of one size, got ",
            query_size, " and ", memory_size);
      return std::make_unique<ScaledDotProductAttention>(query_size);
    case AttentionKind::location:
      fail("make_attention", "location attention depends on the step before: a LocationDecoder has it");
    default:
      return nullptr;
  }
}

}  // namespace heed
