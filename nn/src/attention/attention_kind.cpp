// Kinds of attention: the one list of them.
#include <heed/nn/attention/attention_kind.h>

#include <array>

#include <heed/nn/attention/luong_attention.h>
#include <heed/tensor/error.h>

#include "core/parse_kind.h"

namespace heed {
namespace {

using Made = std::unique_ptr<Attention>;

struct Entry {
  AttentionKind kind;
  const char* name;
  bool one_size;
  Made (*make)(int64_t query_size, int64_t memory_size);
};

template <LuongScore score>
Made luong(int64_t query_size, int64_t memory_size) {
  return std::make_unique<LuongAttention>(query_size, memory_size, score);
}

/// In the order of the enumerators.
constexpr std::array kEntries{
    Entry{AttentionKind::none, "none", false, [](int64_t, int64_t) { return Made(); }},
    Entry{AttentionKind::additive, "additive", false,
          [](int64_t query, int64_t memory) -> Made {
            return std::make_unique<AdditiveAttention>(query, memory, query);
          }},
    Entry{AttentionKind::dot, "dot", true, luong<LuongScore::dot>},
    Entry{AttentionKind::general, "general", false, luong<LuongScore::general>},
    Entry{AttentionKind::concat, "concat", false, luong<LuongScore::concat>},
    Entry{AttentionKind::scaled, "scaled", true,
          [](int64_t query, int64_t) -> Made { return std::make_unique<ScaledDotProductAttention>(query); }},
    Entry{AttentionKind::location, "location", false,
          [](int64_t, int64_t) -> Made {
            fail("make_attention", "location attention depends on the step before: a LocationDecoder has it");
          }},
};

constexpr auto kKinds = detail::kinds_of(kEntries);

static_assert(detail::is_in_order(kEntries));

const Entry& entry_of(AttentionKind kind) { return detail::entry_of(kEntries, kind); }

}  // namespace

std::span<const AttentionKind> attention_kinds() { return kKinds; }

const char* name_of(AttentionKind kind) { return entry_of(kind).name; }

AttentionKind parse_attention_kind(std::string_view name) {
  return detail::parse_kind("parse_attention_kind", kKinds, name);
}

bool needs_one_size(AttentionKind kind) { return entry_of(kind).one_size; }

std::unique_ptr<Attention> make_attention(AttentionKind kind, int64_t query_size, int64_t memory_size) {
  check(!needs_one_size(kind) || query_size == memory_size, "make_attention", name_of(kind),
        " attention needs queries and memory of one size, got ", query_size, " and ", memory_size);
  return entry_of(kind).make(query_size, memory_size);
}

}  // namespace heed
