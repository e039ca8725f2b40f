// Canvas: the interface for drawing, to a PNG (by Cairo) or an SVG (as text), see drawing.h.
// Lengths are points of the SVG; y grows downwards.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "color.h"

namespace heed::figure {

struct Point {
  double x = 0;
  double y = 0;
};

enum class Anchor { start, middle, end };

struct TextStyle {
  double size = 12;
  Anchor anchor = Anchor::middle;
  bool bold = false;
  Color color = kInk;
  double degrees = 0;  ///< turned clockwise about the anchor
};

struct Stroke {
  Color color = kInk;
  double width = 1;
  double dash = 0;    ///< length of a dash; 0 for a whole line
  double gap = 0;     ///< between dashes
  double offset = 0;  ///< where the first dash starts, along the line
};

class Canvas {
 public:
  virtual ~Canvas() = default;
  virtual void rectangle(Point corner, double width, double height, Color fill) = 0;
  virtual void polygon(const std::vector<Point>& points, Color fill) = 0;
  virtual void line(const std::vector<Point>& points, const Stroke& stroke) = 0;
  /// `text` (UTF-8) with the middle of its capitals at the height of `at`.
  virtual void text(Point at, const std::string& text, const TextStyle& style) = 0;
  /// The finished file.
  virtual std::string bytes() = 0;
};

/// A PNG at twice the size, so that it is sharp on high-resolution screens. Throws ValueError for sizes that Cairo
/// cannot make.
std::unique_ptr<Canvas> png_canvas(double width, double height);
/// An SVG with text as text. `title` is for screen readers.
std::unique_ptr<Canvas> svg_canvas(double width, double height, const std::string& title);

/// The width of `text` in that style, without rotation.
double text_width(const std::string& text, const TextStyle& style);

inline constexpr const char* kFontFamily = "DejaVu Sans";
/// From the baseline to the middle of the capitals, in text sizes.
inline constexpr double kCapitalMiddle = 0.365;

}  // namespace heed::figure
