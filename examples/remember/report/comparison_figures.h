// The pictures of a comparison.
#pragma once

#include <string>
#include <vector>

#include "run/run_result.h"

namespace remember {

/// Draws, in `folder`/figures, for each task accuracy by length with a line per model, and for each model maps of a few
/// test strings (where it looks, or, without attention, what it remembers), decoded with the best checkpoint of its
/// first seed (found in `folder`/runs). Each as PNG and SVG. Returns the PNG files, those that say most first.
/// Throws heed::FileError.
std::vector<std::string> draw_comparison(const std::vector<RunResult>& results, const std::string& folder);

}  // namespace remember
