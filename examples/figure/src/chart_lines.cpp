// Finds what coincides by comparing all pairs: charts have few points.
#include "chart_lines.h"

#include <array>
#include <cmath>
#include <numbers>

namespace heed::figure {

namespace {

constexpr double kLineWidth = 2;
constexpr double kDash = 7;
constexpr double kTolerance = 1.5;
constexpr double kMarkerRadius = 4.2;

bool coincide(Point a, Point b) { return std::abs(a.x - b.x) < kTolerance && std::abs(a.y - b.y) < kTolerance; }

struct Segment {
  size_t series;
  Point from;
  Point to;
  double before = 0;  ///< length of the line before it
};

std::vector<Segment> segments_of(const std::vector<std::vector<Point>>& points) {
  std::vector<Segment> segments;
  for (size_t series = 0; series < points.size(); ++series) {
    double length = 0;
    for (size_t i = 0; i + 1 < points[series].size(); ++i) {
      const Point from = points[series][i];
      const Point to = points[series][i + 1];
      if (!std::isnan(from.x) && !std::isnan(to.x)) {
        segments.push_back({series, from, to, length});
        length += std::hypot(to.x - from.x, to.y - from.y);
      }
    }
  }
  return segments;
}

/// A regular shape of `corners`, the first one straight up and turned by `turn` of a corner.
std::vector<Point> regular_shape(Point at, double radius, int corners, double turn) {
  std::vector<Point> points;
  for (int i = 0; i < corners; ++i) {
    const double angle = 2 * std::numbers::pi * (i + turn) / corners;
    points.push_back({at.x + radius * std::sin(angle), at.y - radius * std::cos(angle)});
  }
  return points;
}

std::vector<Point> slice_of_pie(Point at, double radius, double from, double to) {
  constexpr int kSteps = 12;
  std::vector<Point> points{at};
  for (int i = 0; i <= kSteps; ++i) {
    const double angle = 2 * std::numbers::pi * (from + (to - from) * i / kSteps);
    points.push_back({at.x + radius * std::sin(angle), at.y - radius * std::cos(angle)});
  }
  return points;
}

struct Shape {
  int corners;
  double turn;
  double scale;
};
// Circle, square, triangle, diamond, triangle on its tip, pentagon, hexagon, square: they cycle with the colours.
constexpr std::array<Shape, 8> kShapes = {
    {{28, 0, 1}, {4, 0.5, 1.15}, {3, 0, 1.3}, {4, 0, 1.25}, {3, 0.5, 1.3}, {5, 0, 1.15}, {6, 0, 1.1}, {28, 0, 1}}};

std::vector<Point> marker_shape(Point at, size_t series, double more) {
  const Shape& shape = kShapes[series % kShapes.size()];
  return regular_shape(at, kMarkerRadius * shape.scale + more, shape.corners, shape.turn);
}

/// Which series have a point there.
std::vector<size_t> series_at(const std::vector<std::vector<Point>>& points, Point at) {
  std::vector<size_t> found;
  for (size_t series = 0; series < points.size(); ++series) {
    for (const Point& point : points[series]) {
      if (coincide(point, at)) {
        found.push_back(series);
        break;
      }
    }
  }
  return found;
}

}  // namespace

void draw_lines(Canvas& canvas, const std::vector<std::vector<Point>>& points, const std::vector<bool>& dashed) {
  const std::vector<Segment> segments = segments_of(points);
  for (const Segment& segment : segments) {
    size_t sharing = 0;
    size_t turn = 0;
    for (const Segment& other : segments) {
      if (coincide(segment.from, other.from) && coincide(segment.to, other.to)) {
        turn += other.series < segment.series ? 1 : 0;
        ++sharing;
      }
    }
    Stroke stroke{.color = line_color(segment.series), .width = kLineWidth};
    if (sharing > 1) {
      stroke.dash = kDash;
      stroke.gap = kDash * static_cast<double>(sharing - 1);
      stroke.offset = kDash * static_cast<double>(turn);
    } else if (dashed[segment.series]) {
      stroke.dash = stroke.gap = kDash;
      stroke.offset = -std::fmod(segment.before, 2 * kDash);  // the pattern goes on from segment to segment
    }
    canvas.line({segment.from, segment.to}, stroke);
  }
}

void draw_marker(Canvas& canvas, Point at, size_t series) {
  canvas.polygon(marker_shape(at, series, 1.1), kWhite);
  canvas.polygon(marker_shape(at, series, 0), line_color(series));
}

void draw_markers(Canvas& canvas, const std::vector<std::vector<Point>>& points) {
  for (size_t series = 0; series < points.size(); ++series) {
    for (const Point& at : points[series]) {
      const std::vector<size_t> sharing = series_at(points, at);
      if (sharing.size() == 1) {
        draw_marker(canvas, at, series);
      } else if (!sharing.empty() && sharing.front() == series) {
        const double radius = kMarkerRadius + (sharing.size() > 4 ? 2.3 : 1.2);
        canvas.polygon(regular_shape(at, radius + 1.1, 28, 0), kWhite);
        const double share = 1.0 / static_cast<double>(sharing.size());
        for (size_t i = 0; i < sharing.size(); ++i) {
          const double from = static_cast<double>(i) * share;
          canvas.polygon(slice_of_pie(at, radius, from, from + share), line_color(sharing[i]));
        }
      }
    }
  }
}

}  // namespace heed::figure
