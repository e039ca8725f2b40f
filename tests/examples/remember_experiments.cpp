// Experiments: what they train, what stands beside it, bounded time, and going on.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include <heed/tensor/file.h>

#include "experiments/experiment.h"
#include "report/attention_cost_report.h"
#include "report/experiment_table.h"
#include "run/comparison.h"
#include "run/plateau.h"
#include "run/saved_run.h"
#include "run/step_time.h"
#include "run/time_budget.h"
#include "run/time_plan.h"
#include "run/trainer.h"
#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"
#include "text/usage_error.h"

using namespace remember;

namespace {

Trial tiny_trial() {
  Trial trial;
  trial.name = "tiny";
  trial.label = "bigru+location";
  trial.options.model = {.cell = "gru", .bidirectional = true, .attention = "location", .hidden = 6};
  trial.options.data.task = "copy";
  trial.options.data.symbols = 4;
  trial.options.data.train_length = {1, 4};
  trial.options.training.steps = 40;  // enough to write more than the end mark
  trial.options.training.learning_rate = 0.02;
  trial.options.training.batch = 4;
  trial.test_lengths = {{2, 3}, {6, 6}};
  trial.test_count = 5;
  return trial;
}

/// How often the fewest steps in which a model that does not learn everything can converge fit below the ceiling. With
/// less than three, a model that still improves late is cut off.
double ceiling_over_least(const RunOptions& run) {
  const TrainingOptions& training = run.training;
  const int64_t first = std::max(run.data.grow_lengths, training.warmup);
  return static_cast<double>(training.max_steps) /
         static_cast<double>(first + training.valid_every * least_validations(training.patience));
}

}  // namespace

TEST_CASE("every experiment has trials of valid options, and figures for its tasks and lengths") {
  for (const std::string& name : experiment_names()) {
    CAPTURE(name);
    const Experiment experiment =
        make_experiment(name, {.seeds = {1, 2}, .data = name == "g2p" ? "/some/file" : "", .valid = ""});
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
  CHECK_THROWS_AS(make_experiment("uva", {.seeds = {1}, .data = "x", .valid = ""}), UsageError);
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

TEST_CASE("published figures stand in columns that an experiment tests") {
  for (const std::string& name : experiment_names()) {
    const Experiment experiment =
        make_experiment(name, {.seeds = {1}, .data = name == "g2p" ? "/some/file" : "", .valid = ""});
    for (const Published& published : experiment.published) {
      CAPTURE(name, published.task, published.label);
      CHECK(!published.figures.empty());
      for (const auto& [column, figure] : published.figures) {
        const auto tests_it = [&, column = column](const Trial& trial) {
          const auto is_column = [&](const LengthRange& length) { return to_string(length) == column; };
          return trial.options.data.task == published.task &&
                 (column == "words" || std::ranges::any_of(trial.test_lengths, is_column));
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

TEST_CASE("a trial is trained, tested and written down, and is not made twice") {
  const TemporaryFolder folder;
  Progress progress(true);
  const RunResult first = make_trial(tiny_trial(), folder.path("out"), progress, "");
  REQUIRE(first.scores.size() == 2);
  CHECK(first.scores[0].score.problems == 5);
  CHECK(first.scores[0].alignment.steps > 0);
  CHECK(first.scores[0].loss > 0);
  CHECK(first.scores[1].by_length.begin()->first == 6);
  CHECK(first.scores[1].by_position.size() == 7);
  CHECK(first.parameters > 0);
  CHECK(first.cost.tokens_per_second > 0);
  CHECK(first.cost.peak_bytes > 0);
  const auto written = std::filesystem::last_write_time(folder.path("out/runs/tiny/result.json"));
  const RunResult again = make_trial(tiny_trial(), folder.path("out"), progress, "");
  CHECK(std::filesystem::last_write_time(folder.path("out/runs/tiny/result.json")) == written);
  CHECK(nlohmann::ordered_json(again) == nlohmann::ordered_json(first));
  Trial other = tiny_trial();
  other.options.model.hidden = 7;
  CHECK(message_of<UsageError>([&] { make_trial(other, folder.path("out"), progress, ""); }).starts_with("--resume:"));
}

TEST_CASE(
    "a bounded time means fewer steps, and what it cuts off is named in the text, and the run can be gone on with") {
  const TemporaryFolder folder;
  Experiment experiment;
  experiment.name = "tiny";
  experiment.title = "A tiny one";
  experiment.paper = "nobody";
  experiment.trials = {tiny_trial()};
  experiment.trials[0].options.training.steps = 1'000'000;
  experiment.published = {{"copy", "published, somewhere", {{"6", "12.3 %"}}}};
  experiment.differences = {"everything"};
  const auto results = make_trials(experiment.trials, folder.path("out"), {.quiet = true, .minutes = 0.01});
  CHECK(results[0].options.training.steps < 1'000'000);
  CHECK(load_run(folder.path("out/runs/tiny/last.npz")).checkpoint.progress.step == results[0].options.training.steps);
  std::vector<RunResult> shown = results;
  shown[0].reached = {{0.5, 3, 1, 1, 1}};
  const std::string text = experiment_text(experiment, shown);
  for (const char* part : {"published, somewhere", "12.3 %", "everything", "1 of 1 runs were cut off before",
                           "outputs of the longest trained length", "2:3"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK_NOTHROW(make_trials(experiment.trials, folder.path("out"), {.quiet = true, .minutes = 0.01}));
  const auto json = experiment_json(experiment);
  CHECK(json.at("published").at(0).at("figures").at("6") == "12.3 %");
}

TEST_CASE("a run to its plateau that the time cut off is marked, and is trained further the next time") {
  const TemporaryFolder folder;
  Trial trial = tiny_trial();
  trial.options.training.until = "plateau";
  trial.options.training.max_steps = 1'000'000;
  const TrialsOptions hurried = {.quiet = true, .minutes = 0.01};
  const RunResult first = make_trials({trial}, folder.path("out"), hurried).front();
  CHECK(!first.converged);
  CHECK(first.steps < 1'000'000);
  CHECK(first.examples == 4 * first.steps);
  CHECK(first.multiply_adds > 0);
  CHECK(first.scores.size() == 2);
  const RunResult second = make_trials({trial}, folder.path("out"), hurried).front();
  CHECK(second.steps > first.steps);
  CHECK(second.examples == 4 * second.steps);
  trial.options.training.max_steps = second.steps;
  CHECK_THROWS_AS(make_trials({trial}, folder.path("out"), hurried), UsageError);
}

TEST_CASE("the time that is left is divided among the rounds of runs that are left") {
  TimeBudget none(0, 3, 2);
  CHECK(std::isinf(none.next()));
  TimeBudget budget(10, 5, 2);  // three rounds
  CHECK(budget.next() == Approx(200).margin(1));
  CHECK(budget.next() == Approx(300).margin(1));  // two rounds: the first round's share is being used
  CHECK(budget.next() == Approx(300).margin(1));
  CHECK(budget.next() == Approx(600).margin(1));
  CHECK(budget.next() == Approx(600).margin(1));
  TimeBudget over(1e-9, 1, 1);
  CHECK(over.next() == Approx(0).margin(1e-3));
}

TEST_CASE("the plan says how many steps fit, and where they are too few for a plateau") {
  Trial trial = tiny_trial();
  trial.options.training.steps = 5'000;
  CHECK(plan_line(trial, 1, 100, 0.02) == "  copy bigru+location: 1 run of about 4,000 steps of 5,000");
  CHECK(plan_line(trial, 2, 1000, 0.02) == "  copy bigru+location: 2 runs of about 5,000 steps");
  trial.options.training.until = "plateau";
  trial.options.training.patience = 4;
  trial.options.training.valid_every = 250;
  CHECK(plan_line(trial, 3, 1000, 0.02) == "  copy bigru+location: 3 runs of up to about 40,000 steps");
  CHECK(plan_line(trial, 3, 100, 0.02) ==
        "  copy bigru+location: 3 runs of up to about 4,000 steps; too few for a plateau unless all is learned");
}

TEST_CASE("a step is timed without leaving anything behind") {
  const TemporaryFolder folder;
  CHECK(seconds_per_step(tiny_trial().options, folder.path("probe"), 10) > 0);
  CHECK(!std::filesystem::exists(folder.path("probe")));
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
