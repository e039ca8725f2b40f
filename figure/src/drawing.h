// Drawing: a figure laid out, ready for any canvas, and the one place that writes it to a file.
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

/// Writes a PNG or an SVG, as the end of `path` says. Throws ValueError for any other end, FileError when it cannot be
/// written.
void save_drawing(const Drawing& drawing, const std::string& path);

}  // namespace heed::figure
