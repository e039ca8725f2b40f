// Names of recurrent layers.
#include <heed/nn/recurrent/cell_kind.h>

#include "core/parse_kind.h"

namespace heed {

const char* name_of(CellKind kind) {
  switch (kind) {
    case CellKind::rnn:
      return "rnn";
    case CellKind::gru:
      return "gru";
    default:
      return "lstm";
  }
}

const std::vector<CellKind>& cell_kinds() {
  static const std::vector<CellKind> kinds{CellKind::rnn, CellKind::lstm, CellKind::gru};
  return kinds;
}

CellKind parse_cell_kind(std::string_view name) { return detail::parse_kind("parse_cell_kind", cell_kinds(), name); }

}  // namespace heed
