// Line charts and their ticks.
#include "figure/line_chart.h"

#include <cmath>

#include <heed/tensor/error.h>

#include "figure/saved_figure.h"
#include "figure/small_chart.h"
#include "figure/ticks.h"
#include "support/catch.h"
#include "support/message.h"

using namespace heed;
using namespace heed::figure;
using namespace heed::figure::test;

namespace {

using Numbers = std::vector<double>;

}  // namespace

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
