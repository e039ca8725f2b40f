// report.html and what goes into it: memory maps, learning curves, embedding of texts. How it looks in a browser:
// report_browser.py.
#include <cmath>
#include <set>

#include <heed/autograd/grad_mode.h>
#include <heed/autograd/softmax.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/random.h>
#include <nlohmann/json.hpp>

#include "report/learning_curves.h"
#include "report/report.h"
#include "run/batch.h"
#include "run/memory_map.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

using namespace remember;

namespace {

Model small_model(ModelOptions options) {
  heed::seed_default_generator(7);
  options.hidden = 6;
  options.embedding = 5;
  return Model(options, Vocabulary::symbols(9), Vocabulary::symbols(9));
}

/// The loss at each output, the decoder being fed what was written.
std::vector<float> losses(Model& model, const Tokens& source, const Tokens& written) {
  const heed::NoGrad guard;
  const Padded input = pad_sources({source}, model.source_form());
  const heed::Tensor target = heed::from_vector(written, {1, static_cast<int64_t>(written.size())});
  const heed::Variable logits = model.network().forward(input.ids, input.lengths, target).logits;
  return heed::cross_entropy(logits, target, {.reduction = heed::Reduction::none}).value().to_vector<float>();
}

/// |∂ loss / ∂ embedding| by differences of losses, for a source without a token twice.
double measured(Model& model, const Tokens& source, const Tokens& written, size_t t, size_t s) {
  heed::Tensor table;
  for (const auto& [name, value] : model.network().state_dict()) {
    table = name == "encoder.embedding.weight" ? value : table;
  }
  constexpr float kStep = 5e-3F;
  double squares = 0;
  for (int64_t e = 0; e < table.size(1); ++e) {
    float* value = table.mutable_data<float>() + source[s] * table.size(1) + e;
    const float before = *value;
    *value = before + kStep;
    const float above = losses(model, source, written)[t];
    *value = before - kStep;
    const float below = losses(model, source, written)[t];
    *value = before;
    const double slope = (above - below) / (2 * kStep);
    squares += slope * slope;
  }
  return std::sqrt(squares);
}

}  // namespace

TEST_CASE("a memory map holds the gradient of each output's loss with respect to each source token's embedding") {
  for (const char* attention : {"none", "additive", "dot"}) {
    for (const bool reversed : {false, true}) {
      CAPTURE(attention, reversed);
      Model model =
          small_model({.cell = "gru", .attention = attention, .reverse_source = reversed, .source_marks = false});
      model.network().eval();
      const Tokens source = {8, 4, 6, 11};
      Tokens written = model.decode({source}, 5).front().tokens;
      const heed::Tensor map = memory_map(model, source, written);
      written.push_back(kEndToken);
      REQUIRE(map.shape() == heed::Shape{static_cast<int64_t>(written.size()), 4});
      for (size_t t = 0; t < written.size(); ++t) {
        for (size_t s = 0; s < source.size(); ++s) {
          const double wanted = measured(model, source, written, t, s);
          CHECK(map.at({static_cast<int64_t>(t), static_cast<int64_t>(s)}) ==
                Approx(wanted).epsilon(0.02).margin(2e-4));
        }
      }
    }
  }
}

TEST_CASE("a token that stands twice in a source has a memory of its own at each place") {
  Model model = small_model({.cell = "lstm", .source_marks = false});
  const Tokens source = {5, 7, 5};
  const heed::Tensor map = memory_map(model, source, {4, 6});
  CHECK(map.size(1) == 3);
  CHECK(map.at({0, 0}) != map.at({0, 2}));
  CHECK(map.at({0, 0}) > 0);
}

namespace {

const char* const kOdd = "</script><script>alert(\"1\")</script><!-- & 'ü' \\ \xE2\x80\xA8 𝄞";

Report odd_report() {
  ReportOutput output;
  output.model = kOdd;
  output.tokens = {kOdd, "</s>"};
  output.wrong = {true, false};
  output.right = false;
  output.weights = heed::from_vector<float>({0.25F, 0.75F, 1.0F, 0.0F}, {2, 2});
  Report report;
  report.title = kOdd;
  report.introduction = {kOdd};
  report.examples = {{.title = kOdd, .source = {kOdd, "/* script */"}, .answer = {"a", "</s>"}, .outputs = {output}}};
  report.settings = {{"<!-- data -->", "broken \xFF UTF-8"}};
  return report;
}

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

/// What stands between two texts.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const size_t from = text.find(begin) + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

}  // namespace

TEST_CASE("a report's data come back from the page whatever the texts hold, and cannot end their element") {
  const std::string page = report_html(odd_report());
  CHECK(count(page, "<script") == 2);
  CHECK(count(page, "</script>") == 2);
  const std::string data = between(page, "<script type=\"application/json\" id=\"data\">", "</script>");
  CHECK(data.find('<') == std::string::npos);
  const auto json = nlohmann::json::parse(data);
  CHECK(json.at("title") == kOdd);
  const auto& example = json.at("examples").at(0);
  CHECK(example.at("source") == nlohmann::json{kOdd, "/* script */"});
  CHECK(example.at("outputs").at(0).at("weights") == nlohmann::json{{0.25, 0.75}, {1.0, 0.0}});
  CHECK(example.at("outputs").at(0).at("memory").is_null());
  CHECK(json.at("settings").at(0).at(0) == "<!-- data -->");
  CHECK(between(page, "<title>", "</title>").find('<') == std::string::npos);
}

TEST_CASE("a report names no other file and no network address") {
  const std::string page = report_html(odd_report());
  CHECK(page.find("src=") == std::string::npos);
  CHECK(page.find("@import") == std::string::npos);
  CHECK(page.find("url(\"") == std::string::npos);
  CHECK(count(page, "://") == count(page, "http://www.w3.org/2000/svg"));
  CHECK(page.find("default-src 'none'") != std::string::npos);
}

TEST_CASE("learning curves are the mean of the runs of a name, with their range, and leave out what is not there") {
  const TemporaryFolder folder;
  heed::write_file(folder.path("a"), "{\"step\":1,\"loss\":2}\n{\"step\":2,\"loss\":1,\"valid_exact\":0.5}\n");
  heed::write_file(folder.path("b"), "{\"step\":1,\"loss\":4}\n{\"step\":2,\"loss\":1,\"valid_exact\":1}\n{\"st");
  const auto charts =
      learning_curves("copy", {{"m", folder.path("a"), 8}, {"m", folder.path("b"), 8}, {"n", folder.path("c"), 8}});
  REQUIRE(charts.size() == 2);
  CHECK(charts[0].lines[0].x == std::vector<double>{16});
  CHECK(charts[0].lines[0].y == std::vector<double>{0.75});
  CHECK(charts[0].logarithmic_x);
  REQUIRE(charts[1].lines.size() == 1);
  const ReportLine& loss = charts[1].lines[0];
  CHECK(loss.x == std::vector<double>{1, 2});
  CHECK(loss.y == std::vector<double>{3, 1});
  CHECK(loss.low == std::vector<double>{2, 1});
  CHECK(loss.high == std::vector<double>{4, 1});
  CHECK(learning_curves("copy", {{"n", folder.path("c")}}).empty());
  heed::write_file(folder.path("broken"), "{\"step\":1,\"loss\":2}\nno\n");
  CHECK_THROWS_AS(learning_curves("copy", {{"m", folder.path("broken")}}), heed::FileError);
}

TEST_CASE(
    "a run that ends before another keeps its last value, and curves are of the longest length where it is known") {
  const TemporaryFolder folder;
  const auto line = [](int examples, double exact) {
    return "{\"step\":1,\"examples\":" + std::to_string(examples) +
           ",\"valid_exact\":0.5,\"longest\":9,\"valid_exact_longest\":" + std::to_string(exact) + "}\n";
  };
  heed::write_file(folder.path("a"), line(100, 0.25));
  heed::write_file(folder.path("b"), line(100, 0.75) + line(200, 1));
  const ReportChart chart = exact_curve("copy", {{"m", folder.path("a"), 1, true}, {"m", folder.path("b"), 1, true}});
  CHECK(chart.title == "copy: exact outputs of length 9 in validation");
  REQUIRE(chart.lines.size() == 1);
  CHECK(chart.lines[0].x == std::vector<double>{100, 200});
  CHECK(chart.lines[0].y == std::vector<double>{0.5, 0.625});
  CHECK(chart.lines[0].low == std::vector<double>{0.25, 0.25});
  CHECK(chart.lines[0].cut_off);
  heed::write_file(folder.path("c"), R"({"step":10,"examples":100,"longest":12,"valid_exact_longest":0.5})");
  CHECK(exact_curve("copy", {{"m", folder.path("a"), 1, true}, {"n", folder.path("c"), 1, true}}).title ==
        "copy: exact outputs of the longest trained length in validation");
}
