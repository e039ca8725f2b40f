// capacity: which lengths a search tries, what it finds, going on to the same result, time, and how it is reported.
#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>
#include <sstream>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "report/capacity_report.h"
#include "run/capacity_run.h"
#include "run/network.h"
#include "run/options_json.h"
#include "run/saved_run.h"
#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"
#include "text/usage_error.h"

using namespace remember;

namespace {

/// A model that writes everything up to `whole` and 70 % up to `half` exactly, if it is trained to the plateau.
struct Fake {
  int64_t whole = 0;
  int64_t half = 0;

  CapacityStage trained(const CapacityGoal& goal) const {
    CapacityStage stage{.length = goal.length, .goal = goal.exact};
    stage.exact = goal.length <= whole ? 1 : goal.length <= half ? 0.7 : 0.1;
    stage.converged = stage.exact < goal.exact;
    return stage;
  }
};

std::vector<CapacityStage> searched(const Fake& model, const CapacityLengths& lengths) {
  std::vector<CapacityStage> stages;
  for (std::optional<CapacityGoal> next = capacity_found({}, lengths).next; next;
       next = capacity_found(stages, lengths).next) {
    stages.push_back(model.trained(*next));
    REQUIRE(stages.size() < 100);
  }
  return stages;
}

}  // namespace

TEST_CASE("a search finds what a model remembers, exactly up to 15 and to an eighth above") {
  for (int64_t whole = 0; whole <= 60; ++whole) {
    const int64_t half = whole + whole / 2;
    CAPTURE(whole, half);
    const CapacityLengths lengths{.longest = 1000};
    const std::vector<CapacityStage> stages = searched({whole, half}, lengths);
    const CapacityFound found = capacity_found(stages, lengths);
    CHECK(found.converged());
    CHECK(found.longest_99 <= whole);
    CHECK(found.longest_50 <= half);
    CHECK(8 * (whole - found.longest_99) <= (whole < 16 ? 0 : whole));
    CHECK(8 * (half - found.longest_50) <= (half < 16 ? 0 : half));
    CHECK(stages.size() <= 25);
    for (size_t i = 0; i < stages.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        CHECK((stages[i].length != stages[j].length || stages[i].goal != stages[j].goal));
      }
    }
  }
}

TEST_CASE("a search ends at the longest length, and what it says is a lower bound then") {
  const CapacityLengths lengths{.longest = 20};
  const CapacityFound all = capacity_found(searched({500, 500}, lengths), lengths);
  CHECK(all.longest_99 == 20);
  CHECK(all.longest_50 == 20);
  CHECK_FALSE(all.converged());
  const CapacityFound some = capacity_found(searched({9, 500}, lengths), lengths);
  CHECK(some.longest_99 == 9);
  CHECK(some.longest_50 == 20);
  CHECK(some.known_99);
  CHECK_FALSE(some.known_50);
  CHECK_FALSE(some.converged());
  const CapacityLengths even{.step = 2, .shortest = 2, .longest = 31};
  const std::vector<CapacityStage> stages = searched({13, 21}, even);
  CHECK(capacity_found(stages, even).longest_99 == 12);
  for (const CapacityStage& stage : stages) {
    CHECK(stage.length % 2 == 0);
  }
}

TEST_CASE("a stage that neither reached its goal nor converged ends a search") {
  const std::vector<CapacityStage> stages = {{.length = 1, .exact = 1}, {.length = 2, .exact = 0.8}};
  const CapacityFound found = capacity_found(stages, {});
  CHECK(found.longest_99 == 1);
  CHECK(found.longest_50 == 2);
  CHECK_FALSE(found.converged());
  CHECK_FALSE(found.next);
}

TEST_CASE("what was known before the time was over stays known") {
  const std::vector<CapacityStage> stages = {{.length = 1, .exact = 1},
                                             {.length = 2, .exact = 0.6, .converged = true},
                                             {.length = 3, .goal = kRemembersHalf, .exact = 0.2}};
  const CapacityFound found = capacity_found(stages, {});
  CHECK(found.longest_99 == 1);
  CHECK(found.known_99);
  CHECK_FALSE(found.known_50);
  CHECK_FALSE(found.next);
}

TEST_CASE("the state that a decoder starts from is counted: two numbers per unit of an LSTM, none of a transformer") {
  CHECK(state_size({.cell = "lstm", .hidden = 10}) == 20);
  CHECK(state_size({.cell = "gru", .hidden = 10, .layers = 2}) == 20);
  CHECK(state_size({.cell = "mingru", .hidden = 10}) == 10);
  CHECK(state_size({.cell = "transformer", .hidden = 10}) == 0);
}

namespace {

CapacityOptions tiny_options() {
  CapacityOptions options;
  options.models = {"gru"};
  options.hidden = {8};
  options.seeds = {1};
  options.longest = 3;
  options.test_count = 40;
  options.base.data.task = "copy";
  options.base.data.symbols = 3;
  options.base.training.until = "plateau";
  options.base.training.learning_rate = 0.02;
  options.base.training.warmup = 5;
  options.base.training.batch = 8;
  options.base.training.patience = 3;
  options.base.training.valid_every = 20;
  options.base.training.max_steps = 2000;
  return options;
}

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

CapacitySearch run_tiny(const std::string& folder, const std::function<double()>& seconds_left) {
  const CapacityOptions options = tiny_options();
  return run_search(planned_searches(options).front(), options, folder, seconds_left, [](auto...) {});
}

/// Without what depends on the clock.
std::string told(CapacitySearch search) {
  for (CapacityStage& stage : search.stages) {
    stage.seconds = 0;
  }
  return capacity_json({search});
}

}  // namespace

TEST_CASE("a search trains, tests, and goes on to the same result wherever it ran out of time") {
  const TemporaryFolder folder;
  const CapacitySearch whole = run_tiny(folder.path("whole"), [] { return kNoLimit; });
  CHECK(whole.found.longest_99 >= 1);
  CHECK(whole.test_exact >= 0.9);
  CHECK(whole.parameters > 0);
  CHECK(whole.examples() >= 8 * 20);
  CHECK(whole.seconds() > 0);
  CapacitySearch parts;
  int calls = 0;
  do {
    int asked = 0;
    parts = run_tiny(folder.path("parts"), [&] { return ++asked > 3 ? 0 : calls % 2 == 0 ? kNoLimit : 0.004; });
    REQUIRE(++calls < 500);
  } while (told(parts) != told(whole));
  CHECK(calls > 1);
  CHECK(told(run_tiny(folder.path("whole"), [] { return kNoLimit; })) == told(whole));
  const std::string own = folder.path("whole/runs/copy-gru-h8-seed1");
  CHECK(std::filesystem::exists(own + "/best.npz"));
  std::filesystem::create_directory(own + "-length1");  // a killed process left it
  for (const char* left : {"/last.npz", "/.remember.lock", "/.heed-12-3.tmp"}) {
    heed::write_file(own + "-length1" + left, "");
  }
  run_tiny(folder.path("whole"), [] { return kNoLimit; });
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path("whole/runs")), {}) == 1);
  CapacityOptions other = tiny_options();
  other.base.training.batch = 9;
  CHECK(message_of<UsageError>([&] {
          run_search(
              planned_searches(other).front(), other, folder.path("whole"), [] { return kNoLimit; }, [](auto...) {});
        }).find("--batch: 8 in") != std::string::npos);
  heed::write_file(own + "/search.json", "{}");
  CHECK_THROWS_AS(run_tiny(folder.path("whole"), [] { return kNoLimit; }), heed::FileError);
}

TEST_CASE("a search that the most steps cut off is at its end, and goes on if it may make more") {
  const TemporaryFolder folder;
  CapacityOptions options = tiny_options();
  options.base.training.max_steps = 1;
  const auto make = [&] {
    return run_search(
        planned_searches(options).front(), options, folder.path("out"), [] { return kNoLimit; }, [](auto...) {});
  };
  const auto progress = [&] { return progress_of(planned_searches(options).front(), options, folder.path("out")); };
  CHECK_FALSE(progress().at_end);
  CHECK_FALSE(make().found.converged());
  CHECK(progress().at_end);
  options.base.training.max_steps = 2000;
  CHECK_FALSE(progress().at_end);
  CHECK(progress().steps == 1);
  CHECK(make().found.longest_99 >= 1);
  CHECK(progress().at_end);
}

TEST_CASE("the checkpoint is that of the longest length remembered, also where half of that was the goal") {
  const TemporaryFolder folder;
  CHECK(run_tiny(folder.path("out"), [] { return kNoLimit; }).found.longest_99 == 3);
  const std::string own = folder.path("out/runs/copy-gru-h8-seed1");
  nlohmann::ordered_json search = nlohmann::ordered_json::parse(heed::read_file(own + "/search.json"));
  CapacityOptions options = tiny_options();
  options.base.training.learning_rate = 1e-6;  // so that the weights stay as good as they are
  search["options"] = planned_searches(options).front().options;
  search["stages"] = stages_json({{.length = 1, .exact = 1}, {.length = 2, .exact = 0.6, .converged = true}});
  heed::write_file(own + "/search.json", search.dump());
  std::filesystem::create_directory(own + "-length2");
  std::filesystem::rename(own + "/best.npz", own + "-length2/last.npz");
  const CapacitySearch half = run_search(
      planned_searches(options).front(), options, folder.path("out"), [] { return kNoLimit; }, [](auto...) {});
  CHECK(half.stages[2].goal == kRemembersHalf);
  CHECK(half.found.longest_99 == 3);
  CHECK(half.test_exact >= 0.9);
}

TEST_CASE("searches are planned by model, size and seed, for tasks whose answer holds the whole source") {
  CapacityOptions options = tiny_options();
  options.models = {"gru", "lstm+additive"};
  options.hidden = {8, 16};
  options.seeds = {1, 2};
  const std::vector<CapacitySearch> searches = planned_searches(options);
  REQUIRE(searches.size() == 8);
  CHECK(searches[3].name == "copy-gru-h16-seed2");
  CHECK(searches[4].model == "lstm+additive");
  options.base.data.task = "sort";
  CHECK(message_of<UsageError>([&] { planned_searches(options); }).starts_with("--task: must be one of copy, "));
}

namespace {

CapacitySearch found(const std::string& model, int64_t hidden, uint64_t seed, int64_t longest, bool converged) {
  CapacitySearch search;
  search.model = model;
  search.options.model.hidden = hidden;
  search.options.training.seed = seed;
  search.options.data.symbols = 16;
  search.parameters = 100;
  search.stages = {{.length = longest, .examples = 640, .seconds = 1}};
  search.found = {longest, longest + 2, converged, converged, {}};
  return search;
}

}  // namespace

TEST_CASE("capacities as CSV, as a table with bounds marked, and as charts of logarithms") {
  const std::vector<CapacitySearch> searches = {found("lstm", 8, 1, 4, true), found("lstm", 8, 2, 6, true),
                                                found("lstm", 16, 1, 12, true), found("lstm", 16, 2, 0, false)};
  std::istringstream csv(capacity_csv(searches));
  std::string line;
  std::getline(csv, line);
  CHECK(line ==
        "model,hidden,seed,parameters,longest_99,longest_50,bits,bits_per_unit,bits_per_parameter,examples,converged");
  std::getline(csv, line);
  CHECK(line == "lstm,8,1,100,4,6,16,1,0.16,640,true");
  const ReportTable table = capacity_table(searches);
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0][3].text == "5.0 (4.0-6.0)");
  CHECK(table.rows[0].back().text == "converged");
  CHECK(table.rows[1][3].text == "≥ 6.0 (0.0-12.0)");
  CHECK(table.rows[1].back().text == "1 of 2 cut off");
  CapacitySearch nothing = found("lstm", 8, 1, 0, false);
  nothing.found.longest_50 = 0;
  CHECK(capacity_table({nothing}).rows[0][3].text == "not yet 1");
  CHECK(capacity_table({nothing}).rows[0][6].text.empty());
  CapacitySearch half = found("lstm", 8, 1, 4, true);
  half.found.known_50 = false;
  const auto half_known = capacity_table({half}).rows[0];
  CHECK(half_known[3].text == "4.0");
  CHECK(half_known[5].text == "≥ 6.0");
  CHECK(half_known[6].text == "16");
  CHECK(half_known.back().text == "cut off");
  CHECK_FALSE(capacity_charts({half})[0].lines.at(0).cut_off);
  const auto charts = capacity_charts(searches);
  REQUIRE(charts.size() == 2);
  CHECK(charts[0].lines.at(0).x == std::vector<double>{8, 16});
  CHECK(charts[0].lines.at(0).low == std::vector<double>{4, 0});
  CHECK(charts[0].lines.at(0).cut_off);
  const TemporaryFolder folder;
  CHECK(draw_capacity(searches, folder.path("out")).size() == 2);
  CHECK(draw_capacity({found("lstm", 8, 1, 0, true)}, folder.path("out")).empty());
  CHECK(report_html(capacity_report(searches)).find("1 of 2 cut off") != std::string::npos);
  CHECK(nlohmann::json::parse(capacity_json(searches)).at("searches").at(0).at("state") == 16);
}
