// What the description of a cell says and gives, checked by its type's name: anybody may have written it.
#pragma once

#include <heed/nn/recurrent/cell_kind.h>

namespace heed::detail {

/// Throws ValueError unless it has a gate and a state.
void check_description(CellKind cell, std::string_view type);

/// Throws ValueError unless `state`, which `function` gave, has all states of the cell, ShapeError unless each is
/// `wanted`.
void check_given(CellKind cell, std::string_view type, const char* function, const CellState& state,
                 const Shape& wanted);

}  // namespace heed::detail
