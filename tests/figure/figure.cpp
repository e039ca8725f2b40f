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
#include "figure/line_chart.h"
#include "figure/ticks.h"
#include "label.h"
#include "matrix_layout.h"
#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using namespace heed;
using namespace heed::figure;

namespace {

using Strings = std::vector<std::string>;
using Numbers = std::vector<double>;

AttentionMap small_map() {
  return {"A <title> & more",
          {{from_vector<float>({0.9F, 0.1F, 0.25F, 0.75F}, {2, 2}), {"a<b", "c&d"}, {"x", "y"}, {false, true}, "one"}}};
}

LineChart small_chart() {
  LineChart chart{"Exact", "length", "exact", {{"lstm & co", {5, 10, 20}, {1, 0.5, 0}}}, NumberFormat::percent};
  chart.lines = {{10, "longest trained length"}};
  return chart;
}

uint32_t big_endian(const std::string& bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes.at(at + i));
  }
  return value;
}

struct PngSize {
  uint32_t width;
  uint32_t height;
};

/// Checks signature and end of a PNG.
PngSize size_of_png(const std::string& bytes) {
  REQUIRE(bytes.substr(0, 8) == "\x89PNG\r\n\x1A\n");
  REQUIRE(bytes.substr(bytes.size() - 8, 4) == "IEND");
  return {big_endian(bytes, 16), big_endian(bytes, 20)};
}

template <class Figure>
std::string saved(const Figure& figure, const std::string& name) {
  const TemporaryFolder folder;
  figure.save(folder.path(name));
  CHECK(folder.names() == Strings{name});
  return read_file(folder.path(name));
}

size_t count_of(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
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

TEST_CASE("a line chart's SVG holds its names, ticks and dashed line") {
  const std::string svg = saved(small_chart(), "a.svg");
  for (const char* text : {">Exact<", ">length<", ">exact<", ">lstm &amp; co<", ">0%<", ">100%<",
                           ">longest trained length<", "stroke-dasharray", "#0072b2"}) {
    INFO(text);
    CHECK(svg.find(text) != std::string::npos);
  }
  size_of_png(saved(small_chart(), "a.png"));
}

TEST_CASE("lines that coincide take turns in dashes and share their markers") {
  LineChart chart{"", "", "", {{"a", {1, 2}, {1, 1}}, {"b", {1, 2}, {1, 1}}, {"c", {1, 2}, {0, 0.5}}}};
  const std::string svg = saved(chart, "a.svg");
  CHECK(count_of(svg, "stroke-dasharray=\"7 7\"") == 2);
  CHECK(count_of(svg, "stroke-dashoffset=\"-7\"") == 1);
  chart.series.pop_back();
  chart.series[1].y = {0.9, 0.9};
  CHECK(count_of(saved(chart, "a.svg"), "stroke-dasharray") == 0);
}

TEST_CASE("a dashed series has dashes of its own, which go on from point to point") {
  LineChart chart{"", "", "", {{"final", {1, 2, 3}, {1, 2, 3}}, {"cut off", {1, 1.01, 3}, {3, 2.99, 1}}}};
  CHECK(count_of(saved(chart, "a.svg"), "stroke-dasharray") == 0);
  chart.series[1].dashed = true;
  const std::string svg = saved(chart, "a.svg");
  CHECK(count_of(svg, "stroke-dasharray=\"7 7\"") == 2);
  CHECK(count_of(svg, "stroke-dashoffset") == 1);
  size_of_png(saved(chart, "a.png"));
}

TEST_CASE("line charts take gaps, spreads, single points, many series and logarithms") {
  LineChart chart = small_chart();
  chart.series = {{"gap", {1, 2, 3, 4}, {1, NAN, 0.5, 0.25}, {0.9, NAN, 0.4, 0.2}, {1, NAN, 0.6, 0.3}}};
  for (const Spread spread : {Spread::band, Spread::bars}) {
    chart.spread = spread;
    size_of_png(saved(chart, "a.png"));
    CHECK(saved(chart, "a.svg").find("nan") == std::string::npos);
  }
  for (int i = 0; i < 30; ++i) {
    chart.series.push_back({"series " + std::to_string(i), {3}, {0.5}});
  }
  CHECK(count_of(saved(chart, "a.svg"), ">series ") == 30);
  LineChart cost{"", "", "", {{"", {50, 6400}, {1e-3, 2e7}, {0, 1e7}, {2e-3, 3e7}}}};
  cost.log_x = cost.log_y = true;
  const std::string svg = saved(cost, "a.svg");
  CHECK(svg.find("inf") == std::string::npos);
  CHECK(svg.find(">10³<") != std::string::npos);
  CHECK(svg.find(">1,000<") != std::string::npos);
  size_of_png(saved(LineChart{"", "", "", {{"", {0}, {0}}}}, "a.png"));
}

TEST_CASE("line charts refuse what they cannot show") {
  const auto message = [](const LineChart& chart) { return message_of<ValueError>([&] { saved(chart, "a.png"); }); };
  CHECK(message({}) == "LineChart: needs at least one finite point");
  CHECK(message({"", "", "", {{"a", {1, 2}, {NAN, INFINITY}}}}) == "LineChart: needs at least one finite point");
  CHECK(message({"", "", "", {{"a", {1, 2}, {1}}}}) == "LineChart: series 'a' needs as many y as x: got 1 for 2");
  CHECK(message({"", "", "", {{"a", {1}, {1}, {0}}}}) ==
        "LineChart: series 'a' needs as many low and high as x: got 1 and 0 for 1");
  LineChart chart{"", "", "", {{"a", {0, 1}, {1, 1}}}};
  chart.log_x = true;
  CHECK(message(chart) == "LineChart: a logarithmic axis needs x > 0, got 0");
  chart.log_x = false;
  chart.log_y = true;
  chart.series[0].y = {1, -2};
  CHECK(message(chart) == "LineChart: a logarithmic axis needs y > 0, got -2");
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

TEST_CASE("linear ticks are round, inside and not too many") {
  CHECK(linear_ticks(0, 1, 6) == Numbers{0, 0.2, 0.4, 0.2 * 3, 0.8, 1});
  CHECK(linear_ticks(0, 42, 9) == Numbers{0, 5, 10, 15, 20, 25, 30, 35, 40});
  CHECK(linear_ticks(-2.4, 2.4, 5) == Numbers{-2, -1, 0, 1, 2});
  CHECK(linear_ticks(1000, 1001, 3) == Numbers{1000, 1000.5, 1001});
  CHECK(linear_ticks(3, 3, 5) == Numbers{3});
  for (const double high : {1e-7, 0.3, 7.0, 99.0, 123456.0, 8e9}) {
    for (const int most : {2, 5, 9}) {
      const Numbers ticks = linear_ticks(0, high, most);
      CHECK(ticks.size() >= 1);
      CHECK(static_cast<int>(ticks.size()) <= most);
      CHECK(ticks.back() <= high * (1 + 1e-9));
    }
  }
}

TEST_CASE("logarithmic ticks are powers of ten, with their doubles and halves where there is room") {
  CHECK(log_ticks(1, 100, 9) == Numbers{1, 2, 5, 10, 20, 50, 100});
  CHECK(log_ticks(45, 7000, 9) == Numbers{50, 100, 200, 500, 1000, 2000, 5000});
  CHECK(log_ticks(1, 1e6, 7) == Numbers{1, 10, 100, 1000, 1e4, 1e5, 1e6});
  CHECK(log_ticks(1, 1e12, 7).size() == 7);
  CHECK(log_ticks(11, 19, 5) == Numbers{12, 14, 16, 18});
}

TEST_CASE("tick labels have the digits they need") {
  CHECK(tick_labels({0, 0.25, 0.5}, NumberFormat::plain) == Strings{"0.00", "0.25", "0.50"});
  CHECK(tick_labels({0, 0.5, 1}, NumberFormat::percent) == Strings{"0%", "50%", "100%"});
  CHECK(tick_labels({0, 0.005, 0.01}, NumberFormat::percent) == Strings{"0.0%", "0.5%", "1.0%"});
  CHECK(tick_labels({-2500, 0, 2500}, NumberFormat::plain) == Strings{"-2,500", "0", "2,500"});
  CHECK(tick_labels({100, 1000, 10000}, NumberFormat::plain) == Strings{"100", "1,000", "10,000"});
  CHECK(tick_labels({0.01, 0.1, 1, 10}, NumberFormat::plain) == Strings{"0.01", "0.1", "1", "10"});
  CHECK(tick_labels({1e5, 1e6, 1e7}, NumberFormat::plain) == Strings{"10⁵", "10⁶", "10⁷"});
  CHECK(tick_labels({0, 5e5, 1e6, 1.5e6}, NumberFormat::plain) == Strings{"0", "5×10⁵", "10⁶", "1.5×10⁶"});
  CHECK(tick_labels({1e-12}, NumberFormat::plain) == Strings{"10⁻¹²"});
  CHECK(tick_labels({}, NumberFormat::plain).empty());
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
