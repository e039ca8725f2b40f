// Time: how it is shared out among runs and searches, what fits into it, and how long a step takes.
#include <chrono>
#include <cmath>

#include <heed/tensor/error.h>

#include "run/shared_time.h"
#include "run/step_time.h"
#include "run/time_plan.h"
#include "support/catch.h"

using namespace remember;

namespace {

Trial tiny_trial() {
  Trial trial;
  trial.label = "bigru+location";
  trial.options.model = {.cell = "gru", .bidirectional = true, .attention = "location", .hidden = 6};
  trial.options.data.task = "copy";
  trial.options.data.symbols = 4;
  trial.options.training.batch = 4;
  return trial;
}

}  // namespace

TEST_CASE("the time is shared out by the rounds that are left, and what is not used is for later jobs") {
  SharedTime none({1}, 1, 0);
  none.begin(0);
  CHECK(std::isinf(none.seconds_left(0)));
  CHECK(none.affordable() == std::vector<bool>{true});
  CHECK(none.left() <= 1);
  SharedTime five({1, 1, 1, 1, 1}, 2, 10);
  const double parts[] = {200, 300, 300, 600, 600};  // three rounds; then two, as the first one's share is being used
  for (size_t job = 0; job < 5; ++job) {
    five.begin(job);
    CHECK(five.seconds_left(job) == Approx(parts[job]).margin(1));
  }
  SharedTime over({1}, 1, 1e-9);
  over.begin(0);
  CHECK(over.seconds_left(0) == 0);
  SharedTime begun_before({1}, 1, 1, SharedTime::Clock::now() - std::chrono::seconds(50));
  begun_before.begin(0);
  CHECK(begun_before.seconds_left(0) == Approx(10).margin(1));
}

TEST_CASE("what is expected of jobs says which fit into the time") {
  SharedTime time({1, 1, 1e6}, 2, 1);
  CHECK(time.expected() == Approx(0.5e6 + 1));
  CHECK(time.affordable() == std::vector<bool>{true, true, false});
  CHECK(time.left() <= 60);
  time.begin(0);
  CHECK(time.seconds_left(0) == Approx(30).margin(1));
  time.end(0);
}

TEST_CASE("jobs with nothing to do have no part of the time") {
  SharedTime time({0, 0, 15, 0, 15, 100, 0, 0}, 1, 1);
  CHECK(time.affordable() == std::vector<bool>{true, true, true, true, true, false, true, true});
  time.begin(0);
  time.end(0);
  time.begin(2);
  CHECK(time.seconds_left(2) == Approx(20).margin(1));
  time.end(2);
  time.begin(4);
  CHECK(time.seconds_left(4) == Approx(30).margin(1));
}

TEST_CASE("the plan says how many steps fit, and where they are too few for a plateau") {
  Trial trial = tiny_trial();
  trial.options.training.steps = 5'000;
  CHECK(plan_line(trial, 1, 100, 0.02) == "  copy bigru+location: 1 run of about 4,000 steps of 5,000");
  CHECK(plan_line(trial, 2, 1000, 0.02) == "  copy bigru+location: 2 runs of about 5,000 steps");
  CHECK(plan_line(trial, 2, 0.02, 0.02) == "  copy bigru+location: 2 runs of about 1 step of 5,000");
  trial.options.training.until = "plateau";
  trial.options.training.patience = 4;
  trial.options.training.valid_every = 250;
  CHECK(plan_line(trial, 3, 1000, 0.02) == "  copy bigru+location: 3 runs of up to about 40,000 steps");
  CHECK(plan_line(trial, 3, 100, 0.02) ==
        "  copy bigru+location: 3 runs of up to about 4,000 steps; too few for a plateau unless all is learned");
}

TEST_CASE("a step is timed at full length, within the time, and without files") {
  RunOptions options = tiny_trial().options;
  options.data.train_length = {1, 64};
  const double plain = seconds_per_step(options, 10);
  options.data.grow_lengths = 1'000'000;  // would begin with length 1
  CHECK(seconds_per_step(options, 10) > plain / 3);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(seconds_per_step(options, 1e-3) > 0);
  CHECK(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() < 0.3);
  options.training.learning_rate = 1e30;
  CHECK_THROWS_AS(seconds_per_step(options, 10), heed::ValueError);
}
