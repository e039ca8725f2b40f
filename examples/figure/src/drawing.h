// Drawing: a figure with its layout, for any canvas, and the function that writes it to a file.
#pragma once

#include <functional>
#include <string>

#include "canvas.h"

namespace heed::figure {

struct Drawing {
  std::string title;
  double width = 0;
  double height = 0;
  std::function<void(Canvas&)> draw;
};

/// Writes a PNG or an SVG, by the ending of `path`. Throws ValueError for another ending, FileError if it cannot be
/// written.
void save_drawing(const Drawing& drawing, const std::string& path);

}  // namespace heed::figure
