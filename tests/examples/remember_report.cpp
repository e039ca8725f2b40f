// Numbers, tables, progress lines and results as people and programs read them.
#include <algorithm>
#include <sstream>

#include <heed/tensor/create.h>

#include "report/accuracy.h"
#include "report/attention_text.h"
#include "report/how_soon.h"
#include "report/results.h"
#include "report/shown_models.h"
#include "report/spread.h"
#include "report/table.h"
#include "run/progress.h"
#include "support/catch.h"
#include "text/number.h"
#include "text/text_width.h"

using namespace remember;

TEST_CASE("numbers are written for people") {
  CHECK(grouped(1234567) == "1,234,567");
  CHECK(grouped(-1000) == "-1,000");
  CHECK(grouped(12) == "12");
  CHECK(percent(1) == "100.0 %");
  CHECK(percent(0.99999) == "99.9 %");
  CHECK(percent(0.123) == "12.3 %");
  CHECK(percent(0.0001) == "0.1 %");
  CHECK(percent(0) == "0.0 %");
  CHECK(percent_spread({0.9996, 1}) == "99.9 % (99.9-100.0)");
  CHECK(clock(7.4) == "0:07");
  CHECK(clock(754) == "12:34");
  CHECK(clock(3723) == "1:02:03");
  CHECK(clock(1.0 / 0.0) == "-:--");
  CHECK(bytes(999) == "999 B");
  CHECK(bytes(12'345'678) == "12.3 MB");
  CHECK(bytes(999'999) == "1.0 MB");
}

TEST_CASE("widths count characters, not bytes") {
  CHECK(text_width("aüß…") == 4);
  CHECK(padded("ü", 3) == "ü  ");
  CHECK(padded("ü", 3, true) == "  ü");
  CHECK(shortened("äöüß", 3) == "äö…");
  CHECK(shortened("abc", 3) == "abc");
}

TEST_CASE("a table aligns names left and numbers right") {
  Table table({"model", "exact"});
  table.add_row({"lstm", "9.0 %"});
  table.add_row({"bilstm+additive", "100.0 %"});
  CHECK(table.text() ==
        "model              exact\n"
        "---------------  -------\n"
        "lstm               9.0 %\n"
        "bilstm+additive  100.0 %\n");
  CHECK_THROWS_AS(table.add_row({"one"}), heed::ValueError);
}

TEST_CASE("the progress line says rate, loss, accuracy and time left, and fits its width") {
  ProgressState state = {"[1/2] lstm", 840, 2000, 0.01234, 0.982, 38'123, 12};
  CHECK(progress_line(state, 200, false) ==
        "[1/2] lstm   42 %  step 840/2000  loss 0.0123  exact 98.2 %  38,123 tokens/s  0:12 left");
  CHECK(text_width(progress_line(state, 40, false)) <= 40);
  CHECK(progress_line(state, 200, false).find('\x1b') == std::string::npos);
  CHECK(progress_line(state, 200, true).find('\x1b') != std::string::npos);
  state.at_most = true;
  CHECK(progress_line(state, 200, false) ==
        "[1/2] lstm  step 840  loss 0.0123  exact 98.2 %  38,123 tokens/s  at most 0:12 left");
  state.exact.reset();
  CHECK(progress_line(state, 200, false).find("exact") == std::string::npos);
}

TEST_CASE("the progress line of a search says what it does, and the time that is left") {
  ProgressState state;
  state.label = "[1/2] lstm 16 seed 1";
  state.doing = "length 12, step 1,200";
  state.exact = 0.5;
  state.seconds_left = 61;
  CHECK(progress_line(state, 200, false) == "[1/2] lstm 16 seed 1  length 12, step 1,200  exact 50.0 %  1:01 left");
}

TEST_CASE("an attention map as text marks the strongest of each row") {
  const heed::Tensor weights = heed::from_vector<float>({0.02F, 0.98F, 0.0F, 0.6F, 0.4F, 0.0F}, {2, 3});
  CHECK(attention_text({"a", "b", "c"}, {"b", "</s>"}, weights) ==
        "        a    b    c\n"
        "b     .02 [.98]  .\n"
        "</s> [.60] .40   .\n");
}

namespace {

RunResult result(const std::string& model, uint64_t seed, int64_t exact) {
  RunResult run;
  run.model = model;
  run.options.training.seed = seed;
  run.parameters = 12345;
  run.cost.seconds = 61;
  run.test_count = 100;
  Score score;
  score.problems = 100;
  score.exact = exact;
  run.scores = {{{20, 20}, score}, {{40, 40}, score}};
  return run;
}

}  // namespace

TEST_CASE("results are grouped by model, with the mean and the range over seeds") {
  const std::vector<RunResult> results = {result("lstm", 1, 10), result("lstm", 2, 30), result("lstm+dot", 1, 100)};
  const auto models = group_by_model(results);
  REQUIRE(models.size() == 2);
  const Spread spread = exact_spread(models[0], 0);
  CHECK(spread.mean == Approx(0.2));
  CHECK(spread.least == Approx(0.1));
  CHECK(spread.most == Approx(0.3));
  const std::string table = results_table(results);
  CHECK(table.find("20.0 % (10.0-30.0)") != std::string::npos);
  CHECK(table.find("40*") != std::string::npos);
  CHECK(table.find("12,345") != std::string::npos);
}

TEST_CASE("models are grouped by task, also where results of tasks alternate") {
  std::vector<RunResult> results = {result("lstm", 1, 10), result("lstm", 1, 20), result("gru", 1, 30)};
  results[1].options.data.task = "copy";
  const auto tasks = group_by_task(results);
  REQUIRE(tasks.size() == 2);
  CHECK(tasks[0].size() == 2);
  CHECK(tasks[0][1].model == "gru");
  CHECK(tasks[1].front().task == "copy");
}

TEST_CASE("models are grouped by the lengths they were trained on, since maps of one length say nothing of others") {
  std::vector<RunResult> results = {result("lstm, 64", 1, 10), result("lstm, 128", 1, 30), result("gru, 64", 1, 20)};
  results[0].options.data.train_length = results[2].options.data.train_length = {16, 64};
  results[1].options.data.train_length = {16, 128};
  const auto groups = group_by_lengths(group_by_model(results));
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].front().model == "lstm, 64");
  CHECK(groups[0].back().model == "gru, 64");
  CHECK(groups[1].front().model == "lstm, 128");
}

TEST_CASE("printed tables, charts and reports have the same accuracy") {
  const std::vector<RunResult> results = {result("lstm", 1, 10), result("lstm", 2, 30)};
  const auto models = group_by_model(results);
  const ReportTable table = accuracy_table(models);
  CHECK(table.header == std::vector<std::string>{"model", "20", "40*", "training", "examples", "parameters", "time"});
  REQUIRE(table.rows.size() == 1);
  CHECK(table.rows[0][1].text == "20.0 % (10.0-30.0)");
  CHECK(*table.rows[0][1].rate == Approx(0.2));
  CHECK(results_table(results).find(table.rows[0][1].text) != std::string::npos);
  const ReportChart chart = accuracy_chart(models);
  CHECK(chart.lines.front().x == std::vector<double>{20, 40});
  CHECK(chart.lines.front().high.front() == Approx(0.3));
  CHECK(*chart.mark == 20);
  CHECK(tested_beyond_training(results[0]));
  std::vector<RunResult> mixed = {result("lstm, 20", 1, 10), result("lstm, 40", 1, 30)};
  mixed[1].options.data.train_length = {5, 40};
  CHECK_FALSE(accuracy_chart(group_by_model(mixed)).mark);
}

TEST_CASE("a spread is the mean with the range, one value stands alone") {
  CHECK(percent_spread({0.2}) == "20.0 %");
  CHECK(percent_spread({0.1, 0.3}) == "20.0 % (10.0-30.0)");
  CHECK(count_spread({1000, 3000, 2000}) == "2,000 (1,000-3,000)");
  CHECK_THROWS_AS(spread_of({}), heed::ValueError);
}

TEST_CASE("means differ if they are further apart than the larger range") {
  CHECK(differ({.mean = 0.5}, {.mean = 0.6}));
  CHECK_FALSE(differ({0.305, 0.1, 0.51}, {0.555, 0.52, 0.59}));  // ranges that do not even overlap
  CHECK(differ({0.9995, 0.999, 1}, {0.9, 0.89, 0.91}));
  CHECK(accuracy_table(group_by_model({result("lstm", 1, 1), result("lstm", 2, 3)})).note.find(kDifferenceRule) !=
        std::string::npos);
}

TEST_CASE("tables and charts mark models that were cut off, also if it was only some seeds") {
  std::vector<RunResult> results = {result("lstm", 1, 10), result("lstm", 2, 30), result("gru", 1, 50)};
  results[0].steps = results[2].steps = 2000;
  results[1].steps = 4000;
  results[2].converged = true;
  for (RunResult& run : results) {
    run.options.training.until = "plateau";
  }
  auto models = group_by_model(results);
  CHECK(ending(models[0]) == "cut off at 2,000-4,000 steps");
  CHECK(ending(models[1]) == "converged");
  CHECK(shown_name(models[0]) == "lstm (cut off)");
  CHECK(shown_name(models[1]) == "gru");
  CHECK(accuracy_table(models).rows[0][3].text == "cut off at 2,000-4,000 steps");
  const ReportChart chart = accuracy_chart(models);
  CHECK(chart.lines[0].cut_off);
  CHECK(chart.lines[0].name == "lstm (cut off)");
  CHECK_FALSE(chart.lines[1].cut_off);
  results[1].converged = true;
  models = group_by_model(results);
  CHECK(ending(models[0]) == "1 of 2 cut off at 2,000 steps");
  CHECK(cut_off(models[0]));
}

TEST_CASE("a run that made all its steps is not cut off, one that the time ended before is") {
  std::vector<RunResult> results = {result("lstm", 1, 10), result("lstm", 2, 30)};
  for (RunResult& run : results) {
    run.options.training.steps = run.steps = 3000;
  }
  CHECK(ending(group_by_model(results)[0]) == "3,000 steps");
  CHECK(shown_name(group_by_model(results)[0]) == "lstm");
  CHECK_FALSE(accuracy_chart(group_by_model(results)).lines[0].cut_off);
  CHECK_FALSE(converged(group_by_model(results)[0]));
  results[1].steps = 586;
  CHECK(ending(group_by_model(results)[0]) == "1 of 2 cut off at 586 of 3,000 steps");
  results[0].steps = 1;
  CHECK(ending(group_by_model(results)[0]) == "cut off at 1-586 of 3,000 steps");
  CHECK(accuracy_chart(group_by_model(results)).lines[0].name == "lstm (cut off)");
}

TEST_CASE("training that ended before the lengths had grown says how far it came") {
  std::vector<RunResult> results = {result("lstm", 1, 10), result("lstm", 2, 30)};
  for (RunResult& run : results) {
    run.options.training.steps = run.steps = 500;
    run.options.data.train_length = {2, 10};
    run.options.data.grow_lengths = 1000;
  }
  CHECK(ending(group_by_model(results)[0]) == "500 steps, trained up to length 3");
  results[1].steps = 1;
  CHECK(ending(group_by_model(results)[0]) == "1 of 2 cut off at 1 of 500 steps, trained up to length 2");
  results[0].options.data.grow_lengths = 500;
  CHECK(ending({&results[0]}) == "500 steps");
}

TEST_CASE("how soon is told per level, by the seeds that came that far") {
  std::vector<RunResult> results = {result("lstm", 1, 10), result("lstm", 2, 30)};
  CHECK(how_soon_table(group_by_model(results)).rows.empty());
  results[0].reached = {{0.5, 20, 1000, 5, 2e9}, {0.9, 20, 4000, 61, 4e9}};
  results[1].reached = {{0.5, 20, 3000, 7, 4e9}};
  const ReportTable table = how_soon_table(group_by_model(results));
  REQUIRE(table.rows.size() == 3);
  const auto texts = [&](size_t row) {
    std::vector<std::string> cells;
    for (const ReportCell& cell : table.rows[row]) {
      cells.push_back(cell.text);
    }
    return cells;
  };
  using Texts = std::vector<std::string>;
  CHECK(texts(0) == Texts{"lstm (cut off)", "50 %", "2,000 (1,000-3,000)", "0:06 (0:05-0:07)", "3.0 (2.0-4.0)"});
  CHECK(texts(1) == Texts{"lstm (cut off)", "90 %", "1 of 2: 4,000", "1:01", "4.0"});
  CHECK(texts(2) == Texts{"lstm (cut off)", "99 %", "not reached", "", ""});
  CHECK(results_table(results).find("1 of 2: 4,000") != std::string::npos);
  for (RunResult& run : results) {
    run.options.data.task = "parity";  // half of the answers are right by guessing
  }
  CHECK(how_soon_table(group_by_model(results)).rows.size() == 2);
  CHECK(reached_at(results[0], 0.5) == nullptr);
  CHECK(reached_at(results[0], 0.9) != nullptr);
}

TEST_CASE("maps show a problem that the best model gets right where there is one") {
  CHECK(first_right_of_best({{false, false, true, true}, {true, false, false, false}}) == 2);
  CHECK(first_right_of_best({{true, false}, {false, true}}) == 0);
  CHECK(first_right_of_best({{false, false}, {false, true}}) == 1);
  CHECK(first_right_of_best({{false, false}}) == 0);
}

TEST_CASE("results as CSV have a line per run and length, as JSON everything that is needed to read them back") {
  const std::vector<RunResult> results = {result("lstm", 1, 10), result("bilstm+dot", 2, 30)};
  std::istringstream csv(results_csv(results));
  std::string line;
  int lines = 0;
  while (std::getline(csv, line)) {
    CHECK(std::count(line.begin(), line.end(), ',') == 23);
    ++lines;
  }
  CHECK(lines == 5);
  const auto json = nlohmann::ordered_json::parse(results_json(results));
  const RunResult back = json.at("runs").at(1).get<RunResult>();
  CHECK(back.model == "bilstm+dot");
  CHECK(back.options == results[1].options);
  CHECK(back.scores.at(1).length == LengthRange{40, 40});
  CHECK(back.scores.at(1).score.exact == 30);
}

TEST_CASE("what was not tested is null in JSON and empty in CSV, and is read back") {
  RunResult run = result("lstm", 1, 10);
  run.scores[1].score = {};
  run.scores[0].loss = 0.5;
  const nlohmann::ordered_json json = run;
  const auto& untested = json.at("scores").at(1);
  for (const char* key : {"exact", "token", "prefix", "edits_per_token", "loss"}) {
    CAPTURE(key);
    CHECK(untested.at(key).is_null());
  }
  for (const char* key : {"mass", "largest", "entropy"}) {
    CAPTURE(key);
    CHECK(untested.at("alignment").at(key).is_null());
  }
  CHECK(json.at("scores").at(0).at("exact") == 0.1);
  const RunResult back = json.get<RunResult>();
  CHECK(back.scores[0].loss == 0.5);
  CHECK(back.scores[1].score.problems == 0);
  CHECK(results_csv({run}).find("\nreverse,lstm,1,40,,,,0,12345,") != std::string::npos);
}

TEST_CASE("a result says how training ended, and older ones are read as of a fixed number of steps") {
  RunResult run = result("lstm", 1, 10);
  run.converged = true;
  run.steps = 1234;
  run.examples = 5678;
  run.multiply_adds = 91011;
  run.reached = {{0.5, 0, 10, 1.5, 100}, {0.5, 20, 20, 2.5, 200}};
  const nlohmann::ordered_json json = run;
  const RunResult back = json.get<RunResult>();
  CHECK(back.converged);
  CHECK(back.steps == 1234);
  CHECK(back.examples == 5678);
  CHECK(back.multiply_adds == 91011);
  REQUIRE(back.reached.size() == 2);
  CHECK(back.reached[1].length == 20);
  CHECK(back.reached[1].seconds == 2.5);
  CHECK(ending({&back}) == "converged");
  CHECK(results_csv({run}).find(",true,5678,91011,20,2.5,200,,,,,,\n") != std::string::npos);
  nlohmann::ordered_json old = json;
  for (const char* key : {"converged", "examples", "multiply_adds", "reached"}) {
    old.erase(key);
  }
  for (const char* key : {"until", "patience", "max_steps"}) {
    old["options"]["training"].erase(key);
  }
  const RunResult before = old.get<RunResult>();
  CHECK(!before.converged);
  CHECK(before.steps == before.options.training.steps);
  CHECK(before.examples == before.steps * before.options.training.batch);
  CHECK(before.options.training.until == "steps");
  CHECK(ending({&before}) == "2,000 steps");
}
