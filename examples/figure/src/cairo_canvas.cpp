// Canvas on a Cairo image, and the width of text by Cairo.
#include <cairo.h>

#include <cmath>
#include <numbers>

#include <heed/tensor/error.h>

#include "canvas.h"

// For the leak checker, if it is linked. Fontconfig refers to the patterns that Cairo caches by offsets, which the
// checker cannot follow, so that it reports them as leaks.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier): the checker's name
  return "leak:libfontconfig\n";
}

namespace heed::figure {

namespace {

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct DestroyContext {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Surface = std::unique_ptr<cairo_surface_t, DestroySurface>;
using Context = std::unique_ptr<cairo_t, DestroyContext>;

/// Widths that do not depend on the pixel grid, so that a layout is the same in PNG and SVG.
Context context_on(cairo_surface_t* surface) {
  Context context(cairo_create(surface));
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(context.get(), options);
  cairo_font_options_destroy(options);
  return context;
}

void select_font(cairo_t* context, const TextStyle& style) {
  cairo_select_font_face(context, kFontFamily, CAIRO_FONT_SLANT_NORMAL,
                         style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, style.size);
}

double width_in(cairo_t* context, const std::string& text) {
  cairo_text_extents_t extents;
  cairo_text_extents(context, text.c_str(), &extents);
  return extents.x_advance;
}

cairo_status_t append_bytes(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

class CairoCanvas : public Canvas {
 public:
  CairoCanvas(double width, double height)
      : surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, pixels(width), pixels(height))),
        context_(context_on(surface_.get())) {
    check_status(cairo_surface_status(surface_.get()));
    cairo_scale(context_.get(), kScale, kScale);
    cairo_set_source_rgb(context_.get(), 1, 1, 1);
    cairo_paint(context_.get());
    cairo_set_line_join(context_.get(), CAIRO_LINE_JOIN_ROUND);
  }

  void rectangle(Point corner, double width, double height, Color fill) override {
    cairo_rectangle(context_.get(), corner.x, corner.y, width, height);
    set_color(fill);
    cairo_fill(context_.get());
  }

  void polygon(const std::vector<Point>& points, Color fill) override {
    trace(points);
    cairo_close_path(context_.get());
    set_color(fill);
    cairo_fill(context_.get());
  }

  void line(const std::vector<Point>& points, const Stroke& stroke) override {
    trace(points);
    set_color(stroke.color);
    cairo_set_line_width(context_.get(), stroke.width);
    const double dashes[] = {stroke.dash, stroke.gap};
    cairo_set_dash(context_.get(), dashes, stroke.dash > 0 ? 2 : 0, -stroke.offset);
    cairo_set_line_cap(context_.get(), stroke.dash > 0 ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
    cairo_stroke(context_.get());
  }

  void text(Point at, const std::string& text, const TextStyle& style) override {
    select_font(context_.get(), style);
    const double width = width_in(context_.get(), text);
    const double shift = style.anchor == Anchor::start ? 0 : style.anchor == Anchor::middle ? width / 2 : width;
    cairo_save(context_.get());
    cairo_translate(context_.get(), at.x, at.y);
    cairo_rotate(context_.get(), style.degrees * std::numbers::pi / 180);
    cairo_move_to(context_.get(), -shift, kCapitalMiddle * style.size);
    set_color(style.color);
    cairo_show_text(context_.get(), text.c_str());
    cairo_new_path(context_.get());
    cairo_restore(context_.get());
  }

  std::string bytes() override {
    check_status(cairo_status(context_.get()));
    std::string png;
    check_status(cairo_surface_write_to_png_stream(surface_.get(), append_bytes, &png));
    return png;
  }

 private:
  static constexpr double kScale = 2;

  static int pixels(double length) {
    constexpr double kLargest = 32767;  // Cairo's own limit
    check(length * kScale <= kLargest, "figure", "at most ", kLargest, " pixels fit a PNG, got ", length * kScale);
    return static_cast<int>(std::lround(length * kScale));
  }
  static void check_status(cairo_status_t status) {
    check(status == CAIRO_STATUS_SUCCESS, "figure", cairo_status_to_string(status));
  }
  void trace(const std::vector<Point>& points) {
    cairo_new_path(context_.get());
    for (const Point& point : points) {
      cairo_line_to(context_.get(), point.x, point.y);
    }
  }
  void set_color(Color color) {
    cairo_set_source_rgba(context_.get(), color.red / 255.0, color.green / 255.0, color.blue / 255.0, color.alpha);
  }

  Surface surface_;
  Context context_;
};

}  // namespace

std::unique_ptr<Canvas> png_canvas(double width, double height) { return std::make_unique<CairoCanvas>(width, height); }

double text_width(const std::string& text, const TextStyle& style) {
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
  const Context context = context_on(surface.get());
  select_font(context.get(), style);
  return width_in(context.get(), text);
}

}  // namespace heed::figure
