// Names of recurrent layers.
#include <heed/nn/recurrent/cell_kind.h>

#include <heed/tensor/error.h>

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

CellKind parse_cell_kind(std::string_view name) {
  for (const CellKind kind : {CellKind::rnn, CellKind::lstm, CellKind::gru}) {
    if (name == name_of(kind)) {
      return kind;
    }
  }
  fail("parse_cell_kind", "the kinds are rnn, lstm and gru, got '", name, "'");
}

}  // namespace heed
