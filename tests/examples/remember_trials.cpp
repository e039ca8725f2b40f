// Trials: one run of a comparison with its tests, in bounded time or not.
#include <algorithm>
#include <chrono>
#include <filesystem>

#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "experiments/experiment.h"
#include "report/experiment_table.h"
#include "report/partly_tested.h"
#include "report/results.h"
#include "run/saved_run.h"
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

}  // namespace

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
  CHECK(results[0].steps < 1'000'000);
  CHECK(results[0].options.training.steps == 1'000'000);
  CHECK(load_run(folder.path("out/runs/tiny/last.npz")).checkpoint.progress.step == results[0].steps);
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

TEST_CASE("a run that was made shorter starts anew when there is more time, and other steps are refused") {
  const TemporaryFolder folder;
  Trial trial = tiny_trial();
  trial.options.training.steps = 2'000;
  const RunResult hurried = make_trials({trial}, folder.path("out"), {.quiet = true, .minutes = 0.001}).front();
  CHECK(hurried.steps < 2'000);
  const RunResult whole = make_trials({trial}, folder.path("out"), {.quiet = true}).front();
  CHECK(whole.steps == 2'000);
  CHECK(whole.options.training.warmup == trial.options.training.warmup);
  const RunResult at_once = make_trials({trial}, folder.path("other"), {.quiet = true}).front();
  CHECK(heed::read_file(folder.path("out/runs/tiny/last.npz")) ==
        heed::read_file(folder.path("other/runs/tiny/last.npz")));
  trial.options.training.steps = 3'000;
  CHECK_THROWS_AS(make_trials({trial}, folder.path("out"), {.quiet = true, .minutes = 1}), UsageError);
}

TEST_CASE("tests end with the time, lengths without tests are left out, and the next time all are tested") {
  const TemporaryFolder folder;
  Trial trial = tiny_trial();
  trial.test_lengths = {{4, 4}, {400, 400}};
  trial.test_count = 2'000;
  trial.options.model = {.cell = "transformer", .hidden = 64};
  trial.options.training.until = "plateau";
  trial.options.training.max_steps = 1'000'000;
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<RunResult> hurried = make_trials({trial}, folder.path("out"), {.quiet = true, .minutes = 0.02});
  CHECK(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() < 10);
  CHECK(hurried[0].scores[1].score.problems < 2'000);
  RunResult none = hurried[0];
  none.scores[1].score = {};
  CHECK(results_table({none}).find("not tested") != std::string::npos);
  CHECK(results_table({none}).find("tested on 0 of 2,000 strings of length 400, for want of time") !=
        std::string::npos);
  const std::string csv = results_csv({none});
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 3);
}

TEST_CASE("pairs are tested on the test file, as many as the time is enough for, and the next time on all") {
  const TemporaryFolder folder;
  std::string pairs, tests;
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    (letter < 'm' ? tests : pairs) += std::string(1, letter) + "x\tyz\n";
  }
  heed::write_file(folder.path("pairs.tsv"), pairs);
  heed::write_file(folder.path("tests.tsv"), tests);
  Trial trial = tiny_trial();
  trial.options.data.task = "pairs";
  trial.options.data.data = folder.path("pairs.tsv");
  trial.options.data.test = folder.path("tests.tsv");
  trial.options.data.source_tokens = trial.options.data.target_tokens = "char";
  trial.options.training.steps = 3;
  Progress progress(true);
  const RunResult hurried = make_trial(trial, folder.path("out"), progress, "", 1e-6);
  CHECK(hurried.test_count == 12);
  CHECK(hurried.scores.at(0).score.problems == 0);
  const RunResult all = make_trial(trial, folder.path("out"), progress, "");
  CHECK(all.scores.at(0).score.problems == 12);
  CHECK(all.scores.at(0).length == LengthRange{2, 2});
}

TEST_CASE("figures of a part of the tests are told from those of all: in the table, the report and results.json") {
  RunResult run;
  run.options.data.task = "pairs";
  run.model = "bilstm+additive";
  run.test_count = 3'000;
  run.scores.resize(1);
  run.scores[0].score.problems = 382;
  RunResult other = run;
  other.scores[0].score.problems = 1'662;
  other.options.training.seed += 1;
  RunResult whole = run;
  whole.model = "bilstm";
  whole.scores[0].score.problems = 3'000;
  const std::string line = "bilstm+additive: tested on 382 of 3,000 words, for want of time; --resume tests all";
  CHECK(partly_tested({run, whole}) == std::vector{line});
  CHECK(partly_tested({run, other}).at(0).starts_with("bilstm+additive: tested on 382-1,662 of 3,000 words"));
  CHECK(partly_tested({whole}).empty());
  Experiment experiment;
  experiment.measure = Measure::wrong;
  CHECK(experiment_text(experiment, {run, whole}).find("tested in part:\n  - " + line + '\n') != std::string::npos);
  CHECK(experiment_text(experiment, {whole}).find("tested in part") == std::string::npos);
  run.options.data.task = "copy";
  run.scores[0].length = {41, 500};
  const std::string of_strings = "copy bilstm+additive: tested on 382 of 3,000 strings of length 41:500";
  CHECK(results_table({run}).find("tested in part:\n  - " + of_strings) != std::string::npos);
  const auto json = nlohmann::ordered_json::parse(results_json({run}));
  CHECK(json.at("partly_tested").at(0).get<std::string>().starts_with(of_strings));
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
