// Figures: what files they make, what is in them, and the choices behind them. How they look is for eyes.
#include <cmath>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/random.h>
#include <heed/tensor/softmax.h>

#include "color.h"
#include "figure/attention_map.h"
#include "figure/heatmap.h"
#include "figure/saved_figure.h"
#include "figure/small_chart.h"
#include "label.h"
#include "matrix_layout.h"
#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using namespace heed;
using namespace heed::figure;
using namespace heed::figure::test;

namespace {

AttentionMap small_map() {
  return {"A <title> & more",
          {{from_vector<float>({0.9F, 0.1F, 0.25F, 0.75F}, {2, 2}), {"a<b", "c&d"}, {"x", "y"}, {false, true}, "one"}}};
}

/// The number behind name=" in the first line, the <svg> element.
double svg_attribute(const std::string& svg, const std::string& name) {
  return std::stod(svg.substr(svg.find(" " + name + "=\"") + name.size() + 3));
}

}  // namespace

TEST_CASE("a figure's PNG has twice the size of its SVG") {
  for (const int64_t count : {1, 4, 50}) {
    const AttentionMap map{"", {{softmax(randn({count, count}), 1), {}, {}}}};
    const PngSize png = size_of_png(saved(map, "a.png"));
    const std::string svg = saved(map, "a.svg");
    CHECK(png.width == 2 * svg_attribute(svg, "width"));
    CHECK(png.height == 2 * svg_attribute(svg, "height"));
  }
  const PngSize png = size_of_png(saved(small_chart(), "a.png"));
  CHECK(png.width == 2 * svg_attribute(saved(small_chart(), "a.svg"), "width"));
}

TEST_CASE("the same figure gives the same bytes") {
  CHECK(saved(small_map(), "a.png") == saved(small_map(), "a.png"));
  CHECK(saved(small_chart(), "a.svg") == saved(small_chart(), "a.svg"));
}

TEST_CASE("an attention map's SVG holds its words, escaped, its values and its marks") {
  const std::string svg = saved(small_map(), "a.svg");
  for (const char* text :
       {"A &lt;title&gt; &amp; more", ">a&lt;b<", ">c&amp;d<", ">x<", ">✗ y<", ">source<", ">output<",
        ">attention weight<", ">one<", ">0.90<", ">0.25<", ">0.0<", ">1.0<", "✗ wrong output"}) {
    INFO(text);
    CHECK(svg.find(text) != std::string::npos);
  }
  CHECK(svg.find("a<b") == std::string::npos);
  CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(count_of(svg, "<") == count_of(svg, ">"));
}

TEST_CASE("an attention map's cells have viridis' colours in the matrix' order") {
  const AttentionMap map{"", {{from_vector<float>({0, 1, 1, 0}, {2, 2}), {}, {}}}};
  const std::string svg = saved(map, "a.svg");
  const size_t first = svg.find("#440154");
  const size_t second = svg.find("#fde725");
  CHECK(first < second);
  CHECK(svg.find("#fde725", second + 1) < svg.find("#440154", first + 1));
}

TEST_CASE("several attention maps stand side by side, each with its subtitle") {
  AttentionMap map{"", {}};
  const double one = [&] {
    map.panels = {{softmax(randn({20, 20}), 1), {}, {}, {}, "model 0"}};
    return svg_attribute(saved(map, "a.svg"), "width");
  }();
  for (int i = 1; i < 3; ++i) {
    map.panels.push_back({softmax(randn({20, 20}), 1), {}, {}, {}, "model " + std::to_string(i)});
  }
  const std::string svg = saved(map, "a.svg");
  CHECK(svg_attribute(svg, "width") > 1.5 * one);
  CHECK(count_of(svg, ">model ") == 3);
  CHECK(count_of(svg, ">attention weight<") == 1);
}

TEST_CASE("labels of a map have room for their text at every size") {
  for (const int64_t count : {1, 2, 8, 20, 35, 60, 61, 100, 500}) {
    INFO(count << " tokens");
    const Strings tokens(static_cast<size_t>(count), "wm");
    const MatrixPanel panel = matrix_panel("test", full({count, count}, 0.5), tokens, tokens);
    const MatrixLayout layout = layout_of({"title", "output", "source", "weight", 0, 1, {panel}});
    const PanelLayout& place = layout.panels.at(0);
    size_t drawn = 0;
    for (const std::string& text : place.rows.texts) {
      drawn += text.empty() ? 0 : 1;
    }
    CHECK(place.rows.size >= 8);
    CHECK(place.rows.size * static_cast<double>(drawn) <= place.height + place.rows.size);
    CHECK((count > 70 || drawn == static_cast<size_t>(count)));
    if (place.columns.degrees == 0) {
      CHECK(text_width("wm", {.size = place.columns.size}) <= place.cell_width);
    }
    CHECK(place.corner.x + place.width < layout.bar.x);
    CHECK(layout.bar.y + layout.bar_height < layout.height);
    CHECK(place.corner.x > place.rows.extent + kMargin);
  }
}

TEST_CASE("tokens of any kind can be drawn") {
  const AttentionMap map{std::string(400, 't'),
                         {{full({2, 3}, NAN),
                           {"an-extraordinarily-long-token-that-nobody-asked-for", "naïve 日本", "bad\xFF\n"},
                           {"", " "}}}};
  size_of_png(saved(map, "a.png"));
  const std::string svg = saved(map, "a.svg");
  CHECK(svg.find("an-extraord") != std::string::npos);
  CHECK(svg.find("nobody-asked-for") == std::string::npos);
  CHECK(svg.find("bad\xEF\xBF\xBD\xEF\xBF\xBD") != std::string::npos);
  CHECK(svg.find("␣") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
}

TEST_CASE("attention maps refuse what they cannot show") {
  const TemporaryFolder folder;
  const std::string path = folder.path("a.png");
  const auto message = [&](const AttentionMap& map) { return message_of<ValueError>([&] { map.save(path); }); };
  CHECK(message({}) == "AttentionMap: needs at least one panel");
  CHECK(message({"", {{empty({0, 3}), {}, {}}}}) == "AttentionMap: needs a matrix with rows and columns, got (0, 3)");
  CHECK(message({"", {{ones({3}), {}, {}}}}) == "AttentionMap: needs a matrix with rows and columns, got (3,)");
  CHECK(message({"", {{Tensor(), {}, {}}}}) == "AttentionMap: needs a matrix with rows and columns, got ()");
  CHECK(message({"", {{ones({2, 2}), {"a"}, {}}}}) == "AttentionMap: needs a label for each column: got 1 for 2");
  CHECK(message({"", {{ones({2, 2}), {}, {"a", "b", "c"}}}}) ==
        "AttentionMap: needs a label for each row: got 3 for 2");
  CHECK(message({"", {{ones({2, 2}), {}, {}, {true}}}}) ==
        "AttentionMap: needs as many marks as output tokens: got 1 for 2");
  CHECK(folder.names().empty());
}

TEST_CASE("figures are written whole, under a name that ends in .png or .svg") {
  const TemporaryFolder folder;
  for (const char* name : {"a.jpg", "a", "png", "a.PNG", ""}) {
    INFO(name);
    CHECK(message_of<ValueError>([&] { small_map().save(name); }) ==
          std::string("save: a figure's file must end in .png or .svg, got ") + name);
  }
  CHECK(message_of<FileError>([&] { small_map().save(folder.path("none/a.png")); }) ==
        "cannot write " + folder.path("none/a.png") + ": No such file or directory");
  CHECK(folder.names().empty());
}

TEST_CASE("a map too large for a PNG is refused, and its SVG is not") {
  const AttentionMap map{"", {{zeros({1, 20'000}), {}, {}}}};
  const TemporaryFolder folder;
  CHECK_THROWS_AS(map.save(folder.path("a.png")), ValueError);
  CHECK_NOTHROW(map.save(folder.path("a.svg")));
}

TEST_CASE("a heatmap's colour bar runs from the smallest to the largest value") {
  const Heatmap heatmap{"", from_vector<float>({-3, NAN, 5, 0}, {2, 2}), {"a", "b"}, {}, "row", "column", "score"};
  const std::string svg = saved(heatmap, "a.svg");
  for (const char* text : {">-2<", ">4<", ">-3.00<", ">5.00<", ">row<", ">column<", ">score<", "#bebebe"}) {
    INFO(text);
    CHECK(svg.find(text) != std::string::npos);
  }
  CHECK_NOTHROW(saved(Heatmap{"", ones({1, 1}), {}, {}}, "a.png"));
  CHECK_NOTHROW(saved(Heatmap{"", full({2, 2}, INFINITY), {}, {}}, "a.png"));
  CHECK_NOTHROW(saved(Heatmap{"", eye(3, DType::int64), {}, {}}, "a.png"));
  Heatmap narrow{"", ones({1, 1}), {}, {}};
  narrow.low = 2;
  narrow.high = 2;
  CHECK_THROWS_AS(saved(narrow, "a.png"), ValueError);
  CHECK_THROWS_AS(saved(Heatmap{"", empty({2, 0}), {}, {}}, "a.png"), ValueError);
}

TEST_CASE("viridis runs from violet to yellow, clamps, and is grey for NaN") {
  CHECK(viridis(0) == Color{0x44, 0x01, 0x54});
  CHECK(viridis(1) == Color{0xFD, 0xE7, 0x25});
  CHECK(viridis(-5) == viridis(0));
  CHECK(viridis(INFINITY) == viridis(1));
  CHECK(viridis(NAN) == kMissing);
  const Color middle = viridis(0.5);
  CHECK(std::abs(middle.red - 0x21) <= 1);
  CHECK(std::abs(middle.green - 0x91) <= 1);
  CHECK(std::abs(middle.blue - 0x8C) <= 1);
  CHECK(ink_on(viridis(0)) == kWhite);
  CHECK(ink_on(viridis(1)) == Color{0, 0, 0});
}

TEST_CASE("texts are made printable, shortened by whole characters and wrapped evenly") {
  const TextStyle style{.size = 12};
  CHECK(printable("naïve 日本 🙂") == "naïve 日本 🙂");
  CHECK(printable("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(printable("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(printable("\xE6\x97") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(printable(" ") == "␣");
  CHECK(shortened("short", 100, style) == "short");
  const std::string cut = shortened(std::string("日日日日日日日日日日日日"), 60, style);
  CHECK(cut.ends_with("…"));
  CHECK((cut.size() - 3) % 3 == 0);
  CHECK(text_width(cut, style) <= 60);
  CHECK(shortened("anything", 1, style) == "…");
  const Strings lines = wrapped("one two three four five six", 110, style);
  CHECK(lines.size() == 2);
  CHECK(std::abs(text_width(lines[0], style) - text_width(lines[1], style)) < 40);
  CHECK(wrapped("", 100, style).empty());
}
