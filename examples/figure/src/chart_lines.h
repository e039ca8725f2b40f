// Lines and markers of several series, so that all can be seen where they coincide: shared lines have dashes of
// each colour in turn, shared points are divided like a pie.
#pragma once

#include <vector>

#include "canvas.h"

namespace heed::figure {

/// points: one list per series, NaN for gaps. dashed: per series.
void draw_lines(Canvas& canvas, const std::vector<std::vector<Point>>& points, const std::vector<bool>& dashed);
void draw_markers(Canvas& canvas, const std::vector<std::vector<Point>>& points);
/// The marker of one series, alone.
void draw_marker(Canvas& canvas, Point at, size_t series);

}  // namespace heed::figure
