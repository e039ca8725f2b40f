// Kinds of positions: their names, and what attention has of them.
#include <heed/nn/transformer/position_kind.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include <heed/nn/attention/alibi.h>
#include <heed/nn/attention/relative_attention.h>
#include <heed/nn/attention/rotary.h>
#include <heed/tensor/error.h>

namespace heed {
namespace {

struct Entry {
  PositionKind kind;
  const char* name;
};

constexpr std::array kEntries{
    Entry{PositionKind::none, "none"},           Entry{PositionKind::sinusoidal, "sinusoidal"},
    Entry{PositionKind::relative, "relative"},   Entry{PositionKind::randomized, "randomized"},
    Entry{PositionKind::both_ends, "both-ends"}, Entry{PositionKind::rotary, "rotary"},
    Entry{PositionKind::alibi, "alibi"},         Entry{PositionKind::hard_alibi, "hard-alibi"}};

constexpr auto kKinds = [] {
  std::array<PositionKind, kEntries.size()> kinds{};
  std::transform(kEntries.begin(), kEntries.end(), kinds.begin(), [](const Entry& entry) { return entry.kind; });
  return kinds;
}();

}  // namespace

std::span<const PositionKind> position_kinds() { return kKinds; }

const char* name_of(PositionKind kind) { return kEntries.at(static_cast<size_t>(kind)).name; }

PositionKind parse_position_kind(std::string_view name) {
  std::string names;
  for (const Entry& entry : kEntries) {
    if (name == entry.name) {
      return entry.kind;
    }
    names += (names.empty() ? "" : ", ") + std::string(entry.name);
  }
  fail("parse_position_kind", "must be one of ", names, ", got '", name, "'");
}

int64_t size_unit(PositionKind kind, int64_t heads) {
  switch (kind) {
    case PositionKind::both_ends:
      return std::lcm(heads, int64_t{4});
    case PositionKind::rotary:
      return 2 * heads;
    default:
      return std::lcm(heads, int64_t{2});
  }
}

MakeScoreTerm score_term_of(PositionKind kind, int64_t max_distance) {
  switch (kind) {
    case PositionKind::relative:
      return [=](int64_t, int64_t size) { return std::make_unique<RelativeAttention>(size, max_distance); };
    case PositionKind::rotary:
      return [](int64_t, int64_t size) { return std::make_unique<Rotary>(size); };
    case PositionKind::alibi:
      return [](int64_t, int64_t) { return std::make_unique<ALiBi>(); };
    case PositionKind::hard_alibi:
      return [](int64_t, int64_t) { return std::make_unique<HardALiBi>(); };
    default:
      return {};
  }
}

}  // namespace heed
