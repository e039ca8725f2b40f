// Kinds of positions: the one list of them.
#include <heed/nn/transformer/position_kind.h>

#include <array>
#include <numeric>

#include <heed/nn/attention/alibi.h>
#include <heed/nn/attention/relative_attention.h>
#include <heed/nn/attention/rotary.h>

#include "core/parse_kind.h"

namespace heed {
namespace {

using Term = std::unique_ptr<ScoreTerm>;

struct Entry {
  PositionKind kind;
  const char* name;
  int64_t unit = 2;       // the size must be a multiple of it
  bool per_head = false;  // and not the model's alone, but each head's
  // Inside self-attention, if any.
  Term (*make_term)(int64_t heads, int64_t head_size, int64_t max_distance) = nullptr;
};

template <class Layer>
Term term(int64_t, int64_t, int64_t) {
  return std::make_unique<Layer>();
}

/// In the order of the enumerators.
constexpr std::array kEntries{
    Entry{PositionKind::none, "none"},
    Entry{PositionKind::sinusoidal, "sinusoidal"},
    Entry{PositionKind::relative, "relative", 2, false,
          [](int64_t, int64_t size, int64_t distance) -> Term {
            return std::make_unique<RelativeAttention>(size, distance);
          }},
    Entry{PositionKind::randomized, "randomized"},
    Entry{PositionKind::both_ends, "both-ends", 4},
    Entry{PositionKind::rotary, "rotary", 2, true,
          [](int64_t, int64_t size, int64_t) -> Term { return std::make_unique<Rotary>(size); }},
    Entry{PositionKind::alibi, "alibi", 2, false, term<ALiBi>},
    Entry{PositionKind::hard_alibi, "hard-alibi", 2, false, term<HardALiBi>},
};

constexpr auto kKinds = detail::kinds_of(kEntries);

static_assert(detail::is_in_order(kEntries));

const Entry& entry_of(PositionKind kind) { return detail::entry_of(kEntries, kind); }

}  // namespace

std::span<const PositionKind> position_kinds() { return kKinds; }

const char* name_of(PositionKind kind) { return entry_of(kind).name; }

PositionKind parse_position_kind(std::string_view name) {
  return detail::parse_kind("parse_position_kind", kKinds, name);
}

int64_t size_unit(PositionKind kind, int64_t heads) {
  const Entry& entry = entry_of(kind);
  return entry.per_head ? entry.unit * heads : std::lcm(heads, entry.unit);
}

MakeScoreTerm score_term_of(PositionKind kind, int64_t max_distance) {
  const auto make = entry_of(kind).make_term;
  return make == nullptr ? MakeScoreTerm()
                         : [=](int64_t heads, int64_t size) { return make(heads, size, max_distance); };
}

}  // namespace heed
