// Schedules as functions of the step.
#include <cmath>
#include <limits>

#include <heed/nn/optim/lr_schedule.h>
#include <heed/nn/optim/sgd.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

#include "support/catch.h"

using namespace heed;

TEST_CASE("StepLR multiplies by gamma every step_size steps") {
  const StepLR schedule(3, 0.5);
  const std::vector<double> expected{8, 8, 8, 4, 4, 4, 2};
  for (size_t step = 0; step < expected.size(); ++step) {
    REQUIRE(schedule(8, static_cast<int64_t>(step)) == expected[step]);
  }
}

TEST_CASE("MultiStepLR multiplies by gamma at each milestone, twice at one listed twice") {
  const MultiStepLR schedule({5, 2, 5}, 0.5);
  const std::vector<double> expected{8, 8, 4, 4, 4, 1, 1};
  for (size_t step = 0; step < expected.size(); ++step) {
    REQUIRE(schedule(8, static_cast<int64_t>(step)) == expected[step]);
  }
  REQUIRE(MultiStepLR({}, 0.5)(8, 100) == 8);
}

TEST_CASE("ExponentialLR multiplies by gamma at each step") {
  const ExponentialLR schedule(0.5);
  REQUIRE(schedule(8, 0) == 8);
  REQUIRE(schedule(8, 3) == 1);
}

TEST_CASE("CosineAnnealingLR goes from the initial rate to eta_min and back") {
  const CosineAnnealingLR schedule(10, 0.25);
  REQUIRE(schedule(2.25, 0) == 2.25);
  REQUIRE(schedule(2.25, 5) == Approx(1.25));
  REQUIRE(schedule(2.25, 10) == Approx(0.25));
  REQUIRE(schedule(2.25, 20) == Approx(2.25));
}

TEST_CASE("LinearLR and ConstantLR reach their last rate and stay there") {
  const LinearLR linear(0.5, 1.0, 4);
  REQUIRE(linear(8, 0) == 4);
  REQUIRE(linear(8, 1) == 5);
  REQUIRE(linear(8, 4) == 8);
  REQUIRE(linear(8, 1000) == 8);
  const ConstantLR constant(0.25, 2);
  REQUIRE(constant(8, 1) == 2);
  REQUIRE(constant(8, 2) == 8);
}

TEST_CASE("WarmUp rises in equal steps to the schedule's first rate, then follows it") {
  const WarmUp schedule(3, StepLR(2, 0.5));
  const std::vector<double> expected{2, 4, 6, 8, 8, 4, 4, 2};
  for (size_t step = 0; step < expected.size(); ++step) {
    REQUIRE(schedule(8, static_cast<int64_t>(step)) == expected[step]);
  }
  REQUIRE(WarmUp(0, StepLR(2, 0.5))(8, 2) == 4);
}

TEST_CASE("apply_schedule sets each group's rate from its initial one") {
  Variable a(ones({1}), true);
  Variable b(ones({1}), true);
  SGD optimizer(std::vector<Variable>{a}, {.lr = 4});
  optimizer.add_parameter_group(std::vector<Variable>{b}, {.lr = 8});
  const LRSchedule schedule = StepLR(1, 0.5);
  for (const int64_t step : {3, 1, 2}) {
    apply_schedule(schedule, optimizer, step);
  }
  REQUIRE(optimizer.lr(0) == 1);
  REQUIRE(optimizer.lr(1) == 2);
  apply_schedule([](double initial, int64_t) { return initial / 8; }, optimizer, 0);
  REQUIRE(optimizer.lr(0) == 0.5);
  REQUIRE_THROWS_AS(apply_schedule(schedule, optimizer, -1), ValueError);
  REQUIRE_THROWS_AS(apply_schedule(LRSchedule(), optimizer, 0), ValueError);
}

TEST_CASE("schedules refuse arguments that make no sense") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  REQUIRE_THROWS_AS(StepLR(0), ValueError);
  REQUIRE_THROWS_AS(StepLR(1, nan), ValueError);
  REQUIRE_THROWS_AS(MultiStepLR({-1}), ValueError);
  REQUIRE_THROWS_AS(MultiStepLR({1}, -1), ValueError);
  REQUIRE_THROWS_AS(ExponentialLR(nan), ValueError);
  REQUIRE_THROWS_AS(CosineAnnealingLR(0), ValueError);
  REQUIRE_THROWS_AS(CosineAnnealingLR(1, -1), ValueError);
  REQUIRE_THROWS_AS(LinearLR(0), ValueError);
  REQUIRE_THROWS_AS(LinearLR(0.5, 2), ValueError);
  REQUIRE_THROWS_AS(LinearLR(0.5, 1, 0), ValueError);
  REQUIRE_THROWS_AS(ConstantLR(nan), ValueError);
  REQUIRE_THROWS_AS(ConstantLR(0.5, -1), ValueError);
  REQUIRE_THROWS_AS(WarmUp(-1, StepLR(1)), ValueError);
  REQUIRE_THROWS_AS(WarmUp(1, nullptr), ValueError);
}
