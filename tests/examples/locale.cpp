// What the example programs write is the same under every locale.
#include <heed/tensor/create.h>
#include <heed/tensor/file.h>

#include "figure/heatmap.h"
#include "label.h"
#include "report/results.h"
#include "support/catch.h"
#include "support/comma_locale.h"
#include "support/message.h"
#include "support/temporary_folder.h"
#include "text/number.h"
#include "text/usage_error.h"

using namespace remember;

namespace {

std::vector<RunResult> some_results() {
  RunResult result;
  result.name = "a";
  result.model = "lstm";
  result.parameters = 1'234'567;
  result.test_count = 2'000;
  result.options.training.steps = 12'000;
  result.steps = 12'000;
  LengthScore entry;
  entry.length = {5, 5};
  entry.score.problems = 2'000;
  entry.score.exact = 1'001;
  result.scores.push_back(entry);
  result.cost.seconds = 1234.5;
  return {result};
}

std::string heatmap(const std::string& path) {
  heed::figure::Heatmap map;
  map.title = "Weights of a title that is à la carte";
  map.values = heed::from_vector<float>({0.25F, 0.5F, 1234.5F, 0}, {2, 2});
  map.save(path);
  return heed::read_file(path);
}

}  // namespace

TEST_CASE("results and numbers are written the same under every locale") {
  const std::vector<RunResult> results = some_results();
  const std::string csv = results_csv(results), json = results_json(results), table = results_table(results);
  CHECK(csv.find(",0.5005,") != std::string::npos);
  CHECK(csv.find(",1234567,12000,") != std::string::npos);
  const CommaLocale locale;
  CHECK(results_csv(results) == csv);
  CHECK(results_json(results) == json);
  CHECK(results_table(results) == table);
  const auto read = nlohmann::ordered_json::parse(json).at("runs").at(0).get<RunResult>();
  CHECK(read.cost.seconds == 1234.5);
  CHECK(read.options.training.learning_rate == results[0].options.training.learning_rate);
  CHECK(fixed(1234.5, 1) == "1234.5");
  CHECK(fixed(1e20, 3) == "1e+20");
  CHECK(percent(0.125) == "12.5 %");
  CHECK(message_of<UsageError>([] { require(false, "--steps", "less", 1'234'567); }) ==
        "--steps: must be less, got 1234567");
}

TEST_CASE("figures are drawn the same under every locale") {
  const TemporaryFolder folder;
  const std::string drawn = heatmap(folder.path("a.svg"));
  const CommaLocale locale;
  CHECK((heatmap(folder.path("b.svg")) == drawn));
  const auto lines = heed::figure::wrapped("à la carte", 1000, {});
  CHECK(lines == std::vector<std::string>{"à la carte"});
}
