// Experiments: what they train, and what stands beside it.
#include <algorithm>
#include <map>

#include "experiments/experiment.h"
#include "report/attention_cost_report.h"
#include "report/experiment_table.h"
#include "run/comparison.h"
#include "run/plateau.h"
#include "support/catch.h"
#include "support/message.h"
#include "text/usage_error.h"

using namespace remember;

namespace {

/// How often the fewest steps in which a model that does not learn everything can converge fit below the ceiling. With
/// less than three, a model that still improves late is cut off.
double ceiling_over_least(const RunOptions& run) {
  const TrainingOptions& training = run.training;
  return static_cast<double>(training.max_steps) /
         static_cast<double>(first_judged_step(run) + training.valid_every * least_validations(training.patience));
}

}  // namespace

TEST_CASE("every experiment has trials of valid options, and figures for its tasks and lengths") {
  for (const std::string& name : experiment_names()) {
    CAPTURE(name);
    const Experiment experiment =
        make_experiment(name, {.seeds = {1, 2}, .data = name == "g2p" ? "/some/file" : "", .valid = "", .test = ""});
    CHECK(experiment.name == name);
    CHECK(!experiment.differences.empty());
    std::vector<std::string> names;
    for (const Trial& trial : experiment.trials) {
      CHECK_NOTHROW(validate(trial.options));
      CHECK(std::find(names.begin(), names.end(), trial.name) == names.end());
      names.push_back(trial.name);
    }
    for (const Published& published : experiment.published) {
      const auto of_its_task = [&](const Trial& trial) { return trial.options.data.task == published.task; };
      CHECK(std::any_of(experiment.trials.begin(), experiment.trials.end(), of_its_task));
    }
  }
  CHECK_THROWS_AS(make_experiment("wong", {}), UsageError);
  CHECK_THROWS_AS(make_experiment("g2p", {}), UsageError);
  CHECK_THROWS_AS(make_experiment("wang", {.data = "", .valid = "", .test = "/some/file"}), UsageError);
  const Experiment g2p = make_experiment("g2p", {.data = "/some/file", .valid = "", .test = "/other"});
  CHECK(g2p.trials.front().options.data.test == "/other");
  CHECK(g2p.notes.front().starts_with("the words counted are those of --test"));
  CHECK_THROWS_AS(make_experiment("uva", {.seeds = {1}, .data = "x", .valid = "", .test = ""}), UsageError);
}

TEST_CASE("experiments train every model until its plateau, with three seeds and one ceiling far above the waiting") {
  CHECK(experiment_names() == std::vector<std::string>{"wang", "grefenstette", "uva", "chomsky", "jelassi", "mqar",
                                                       "parity", "recall", "g2p"});
  for (const std::string& name : experiment_names()) {
    CAPTURE(name);
    ExperimentOptions options;
    options.data = name == "g2p" ? "/some/file" : "";
    const Experiment experiment = make_experiment(name, options);
    std::map<uint64_t, int> trials_of_seed;
    for (const Trial& trial : experiment.trials) {
      CHECK(until_plateau(trial.options.training));
      CHECK(trial.options.training.max_steps == experiment.trials.front().options.training.max_steps);
      CHECK(ceiling_over_least(trial.options) >= 3);
      ++trials_of_seed[trial.options.training.seed];
    }
    REQUIRE(trials_of_seed.size() == 3);
    CHECK(trials_of_seed.at(1) == trials_of_seed.at(2));
    CHECK(trials_of_seed.at(1) == trials_of_seed.at(3));
  }
}

TEST_CASE("a model that stays at chance in parity is trained ten times as long as one that learns it") {
  for (const Trial& trial : make_experiment("parity", {}).trials) {
    const TrainingOptions& training = trial.options.training;
    CHECK(training.valid_every * least_validations(training.patience) >= 12'000);
  }
}

TEST_CASE("an experiment's notes describe its setting and judge no results, which a user's run may overtake") {
  for (const std::string& name : experiment_names()) {
    const Experiment experiment =
        make_experiment(name, {.seeds = {1}, .data = name == "g2p" ? "/some/file" : "", .valid = "", .test = ""});
    for (const std::string& note : experiment.notes) {
      CAPTURE(name, note);
      CHECK(note.find("goal") == std::string::npos);
      CHECK(note.find(" trial") == std::string::npos);
    }
  }
}

TEST_CASE("published figures stand in columns that an experiment tests") {
  for (const std::string& name : experiment_names()) {
    const Experiment experiment =
        make_experiment(name, {.seeds = {1}, .data = name == "g2p" ? "/some/file" : "", .valid = "", .test = ""});
    for (const Published& published : experiment.published) {
      CAPTURE(name, published.task, published.label);
      CHECK(!published.figures.empty());
      for (const auto& [column, figure] : published.figures) {
        const auto tests_it = [&, &wanted = column](const Trial& trial) {
          const auto is_column = [&](const LengthRange& length) { return to_string(length) == wanted; };
          return trial.options.data.task == published.task &&
                 (wanted == "words" || std::ranges::any_of(trial.test_lengths, is_column));
        };
        CHECK(std::ranges::any_of(experiment.trials, tests_it));
      }
    }
  }
}

TEST_CASE("a setting tells trials of one model apart, in their folders and labels") {
  Experiment experiment;
  RunOptions run;
  run.data.task = "copy";
  add_trials(experiment, {1, 2}, "lstm", run, {{5, 5}}, 10, "hidden 64, fresh strings");
  run.model.reverse_source = true;
  add_trials(experiment, {1}, "lstm", run, {{5, 5}}, 10);
  REQUIRE(experiment.trials.size() == 3);
  CHECK(experiment.trials[1].name == "copy-lstm-hidden-64-fresh-strings-seed2");
  CHECK(experiment.trials[1].label == "lstm, hidden 64, fresh strings");
  CHECK(experiment.trials[2].name == "copy-lstm-reversed-seed1");
  CHECK(experiment.trials[2].label == "lstm, source reversed");
}

TEST_CASE("a task may have a measure of its own in an experiment") {
  const Experiment experiment = make_experiment("chomsky", {});
  CHECK(measure_of(experiment, "reverse") == Measure::token);
  CHECK(measure_of(experiment, "parity") == Measure::exact);
}

TEST_CASE("models that are compared can be given the same number of parameters") {
  ComparisonOptions options;
  options.tasks = {"copy"};
  options.models = {"bilstm+additive", "rnn", "transformer+none"};
  options.seeds = {1};
  options.test_lengths = {{4, 4}};
  options.match_parameters = true;
  const std::vector<RunOptions> runs = planned_runs(options);
  CHECK(runs[0].model.hidden == options.base.model.hidden);
  CHECK(runs[1].model.hidden > runs[0].model.hidden);
  options.tasks = {"bigram-flip"};
  options.test_lengths = {{5, 5}};
  CHECK_THROWS_AS(planned_trials(options), UsageError);
}

TEST_CASE("what attention takes is measured with its weights kept and without") {
  const auto costs = measure_attention_costs({1024});
  REQUIRE(costs.size() == 2);
  CHECK(!costs[0].with_gradient);
  CHECK(costs[1].with_gradient);
  for (const AttentionCost& cost : costs) {
    CHECK(cost.kept_bytes >= 1024 * 1024 * 4);
    CHECK(cost.kept_seconds > 0);
    CHECK(cost.tiled_bytes > 0);
    CHECK(cost.memory_ratio() > 3);
  }
  CHECK(attention_cost_text(costs).find("59.0") != std::string::npos);
  CHECK(nlohmann::json::parse(attention_cost_json(costs)).at("costs").size() == 2);
}
