// Chooses the canvas by the ending of the file's name.
#include "drawing.h"

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

namespace heed::figure {

void save_drawing(const Drawing& drawing, const std::string& path) {
  const bool is_png = path.ends_with(".png");
  check(is_png || path.ends_with(".svg"), "save", "a figure's file must end in .png or .svg, got ", path);
  const auto canvas =
      is_png ? png_canvas(drawing.width, drawing.height) : svg_canvas(drawing.width, drawing.height, drawing.title);
  drawing.draw(*canvas);
  write_file(path, canvas->bytes());
}

}  // namespace heed::figure
