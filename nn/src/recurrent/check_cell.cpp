// Checks of a cell's description.
#include "recurrent/check_cell.h"

#include "core/require_result.h"

namespace heed::detail {

void check_description(CellKind cell, std::string_view type) {
  check(cell->gates() >= 1, type, "gates() must be at least 1, got ", cell->gates());
  check(!cell->states().empty(), type, "states() must name at least one state, got none");
}

void check_given(CellKind cell, std::string_view type, const char* function, const CellState& state,
                 const Shape& wanted) {
  const std::vector<std::string> names = cell->states();
  check(state.size() == names.size(), type, function, " must give ", names.size(), " states, got ", state.size());
  for (size_t i = 0; i < names.size(); ++i) {
    require_result(state[i], wanted, type, "the state '", names[i], "' that ", function, " gives");
  }
}

}  // namespace heed::detail
