// Lines and markers of several series, so that those that coincide can all be seen: shared stretches take turns in
// dashes of each colour, shared points are divided like a pie.
#pragma once

#include <vector>

#include "canvas.h"

namespace heed::figure {

/// points: one list a series, NaN for gaps.
void draw_lines(Canvas& canvas, const std::vector<std::vector<Point>>& points);
void draw_markers(Canvas& canvas, const std::vector<std::vector<Point>>& points);
/// The marker of one series, alone.
void draw_marker(Canvas& canvas, Point at, size_t series);

}  // namespace heed::figure
