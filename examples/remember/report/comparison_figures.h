// The figures of a comparison.
#pragma once

#include <string>
#include <vector>

#include "run/run_result.h"

namespace remember {

/// Draws in `folder`/figures, as PNG and SVG: per task accuracy by length and by examples seen with a line per model
/// and the range over seeds, and per model the attention (without attention the memory map) of a few test strings,
/// decoded with the best checkpoint of its first seed (in `folder`/runs). Returns the PNG files, the most important
/// first. Throws heed::FileError.
std::vector<std::string> draw_comparison(const std::vector<RunResult>& results, const std::string& folder);

}  // namespace remember
