// Kinds of positions: their names.
#include <heed/nn/transformer/position_kind.h>

#include <heed/tensor/error.h>

namespace heed {

const char* name_of(PositionKind kind) {
  switch (kind) {
    case PositionKind::sinusoidal:
      return "sinusoidal";
    case PositionKind::relative:
      return "relative";
    case PositionKind::randomized:
      return "randomized";
    case PositionKind::both_ends:
      return "both-ends";
    default:
      return "none";
  }
}

PositionKind parse_position_kind(std::string_view name) {
  for (const PositionKind kind : {PositionKind::none, PositionKind::sinusoidal, PositionKind::relative,
                                  PositionKind::randomized, PositionKind::both_ends}) {
    if (name == name_of(kind)) {
      return kind;
    }
  }
  fail("parse_position_kind", "the kinds are none, sinusoidal, relative, randomized and both-ends, got '", name, "'");
}

}  // namespace heed
