// Canvas that writes SVG. Cairo's SVG would turn text into outlines, which cannot be searched or read by screen
// readers.
#include <charconv>
#include <string_view>

#include "canvas.h"

namespace heed::figure {

namespace {

/// With at most two digits after the point.
std::string number(double value) {
  char buffer[64];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, 2);
  std::string text(buffer, result.ptr);
  text.resize(text.find_last_not_of('0') + 1);
  if (text.back() == '.') {
    text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string hexadecimal(Color color) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "#";
  for (const uint8_t part : {color.red, color.green, color.blue}) {
    text += kDigits[part >> 4];
    text += kDigits[part & 15];
  }
  return text;
}

std::string attribute(std::string_view name, const std::string& value) {
  return std::string(" ").append(name).append("=\"").append(value).append("\"");
}
std::string attribute(std::string_view name, double value) { return attribute(name, number(value)); }

std::string painted(std::string_view name, Color color) {
  std::string text = attribute(name, hexadecimal(color));
  if (color.alpha != 1) {
    text += attribute(std::string(name) + "-opacity", color.alpha);
  }
  return text;
}

std::string coordinates(const std::vector<Point>& points) {
  std::string text;
  for (const Point& point : points) {
    text += text.empty() ? "" : " ";
    text += number(point.x) + "," + number(point.y);
  }
  return text;
}

class SvgCanvas : public Canvas {
 public:
  SvgCanvas(double width, double height, const std::string& title) {
    body_ = "<svg xmlns=\"http://www.w3.org/2000/svg\"" + attribute("width", width) + attribute("height", height) +
            attribute("viewBox", "0 0 " + number(width) + " " + number(height)) + attribute("role", "img") +
            attribute("font-family", std::string("'") + kFontFamily + "', Verdana, sans-serif") + ">\n";
    if (!title.empty()) {
      body_ += "<title>" + escaped(title) + "</title>\n";
    }
    rectangle({0, 0}, width, height, kWhite);
  }

  void rectangle(Point corner, double width, double height, Color fill) override {
    body_ += "<rect" + attribute("x", corner.x) + attribute("y", corner.y) + attribute("width", width) +
             attribute("height", height) + painted("fill", fill) + attribute("shape-rendering", "crispEdges") + "/>\n";
  }

  void polygon(const std::vector<Point>& points, Color fill) override {
    body_ += "<polygon" + attribute("points", coordinates(points)) + painted("fill", fill) + "/>\n";
  }

  void line(const std::vector<Point>& points, const Stroke& stroke) override {
    body_ += "<polyline" + attribute("points", coordinates(points)) + attribute("fill", "none") +
             painted("stroke", stroke.color) + attribute("stroke-width", stroke.width) +
             attribute("stroke-linejoin", "round");
    if (stroke.dash > 0) {
      body_ += attribute("stroke-dasharray", number(stroke.dash) + " " + number(stroke.gap));
      body_ += stroke.offset == 0 ? "" : attribute("stroke-dashoffset", -stroke.offset);
    } else {
      body_ += attribute("stroke-linecap", "round");
    }
    body_ += "/>\n";
  }

  void text(Point at, const std::string& text, const TextStyle& style) override {
    const double down = kCapitalMiddle * style.size;
    if (style.degrees == 0) {
      body_ += "<text" + attribute("x", at.x) + attribute("y", at.y + down);
    } else {
      body_ += "<text" + attribute("y", down) +
               attribute("transform",
                         "translate(" + number(at.x) + " " + number(at.y) + ") rotate(" + number(style.degrees) + ")");
    }
    body_ += attribute("font-size", style.size) + painted("fill", style.color);
    if (style.anchor != Anchor::start) {
      body_ += attribute("text-anchor", style.anchor == Anchor::middle ? "middle" : "end");
    }
    if (style.bold) {
      body_ += attribute("font-weight", "bold");
    }
    body_ += '>';
    body_ += escaped(text) + "</text>\n";
  }

  std::string bytes() override { return body_ + "</svg>\n"; }

 private:
  std::string body_;
};

}  // namespace

std::unique_ptr<Canvas> svg_canvas(double width, double height, const std::string& title) {
  return std::make_unique<SvgCanvas>(width, height, title);
}

}  // namespace heed::figure
