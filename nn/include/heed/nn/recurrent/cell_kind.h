// CellKind: which recurrent layer, as a run-time value.
#pragma once

#include <string_view>
#include <vector>

namespace heed {

enum class CellKind { rnn, lstm, gru };

/// All of them.
const std::vector<CellKind>& cell_kinds();

/// "rnn", "lstm" or "gru".
const char* name_of(CellKind kind);
/// Throws ValueError listing the names there are.
CellKind parse_cell_kind(std::string_view name);

}  // namespace heed
