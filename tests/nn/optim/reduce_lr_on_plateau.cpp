// ReduceLROnPlateau beside PyTorch's rates (1.13) for the same measures.
#include <heed/nn/optim/reduce_lr_on_plateau.h>

#include <cmath>
#include <limits>

#include <heed/nn/optim/sgd.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

#include "support/catch.h"

using namespace heed;

namespace {

const std::vector<double> kMeasures{3, 2, 2, 1.99, 2.5, 2.5, 2.5, 2.5, std::nan(""), 2.5, 2.5, 1.0, 1.0, 1.0, 1.0, 1.0};

/// Two groups, of rates 0.1 and 0.02.
struct Model {
  Variable first{zeros({1}), true}, second{zeros({1}), true};
  SGD optimizer{std::vector<Variable>{first}, {.lr = 0.1}};
  Model() { optimizer.add_parameter_group(std::vector<Variable>{second}, {.lr = 0.02}); }
};

void check_rates(const PlateauOptions& options, const std::vector<double>& first, const std::vector<double>& second) {
  Model model;
  ReduceLROnPlateau schedule(model.optimizer, options);
  for (size_t i = 0; i < kMeasures.size(); ++i) {
    schedule.step(kMeasures[i]);
    CAPTURE(i);
    CHECK(model.optimizer.lr(0) == Approx(first[i]).epsilon(1e-12));
    CHECK(model.optimizer.lr(1) == Approx(second[i]).epsilon(1e-12));
  }
}

}  // namespace

TEST_CASE("ReduceLROnPlateau lowers rates when PyTorch's does") {
  check_rates({.factor = 0.5, .patience = 1},
              {.1, .1, .1, .1, .1, .05, .05, .025, .025, .0125, .0125, .0125, .0125, .00625, .00625, .003125},
              {.02, .02, .02, .02, .02, .01, .01, .005, .005, .0025, .0025, .0025, .0025, .00125, .00125, .000625});
  check_rates({.factor = 0.5, .patience = 1, .threshold = 0.1, .cooldown = 2, .min_lr = {0.03, 0.01}},
              {.1, .1, .1, .05, .05, .05, .05, .03, .03, .03, .03, .03, .03, .03, .03, .03},
              {.02, .02, .02, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01});
  check_rates({.mode = PlateauMode::max,
               .factor = 0.5,
               .patience = 2,
               .threshold = 0.2,
               .threshold_mode = PlateauThreshold::abs},
              {.1, .1, .1, .05, .05, .05, .025, .025, .025, .0125, .0125, .0125, .00625, .00625, .00625, .003125},
              {.02, .02, .02, .01, .01, .01, .005, .005, .005, .0025, .0025, .0025, .00125, .00125, .00125, .000625});
  check_rates({.factor = 0.1, .patience = 0, .min_lr = {0.01}, .eps = 0.005},
              {.1, .1, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01},
              {.02, .02, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01, .01});
}

TEST_CASE("ReduceLROnPlateau takes no standstill for an improvement, whatever the sign of the measure") {
  for (const PlateauMode mode : {PlateauMode::min, PlateauMode::max}) {
    for (const double measure : {-10.0, 10.0, 0.0, -1e-30, -1e300}) {
      for (const double threshold : {0.0, 1e-4, 0.5}) {
        Model model;
        ReduceLROnPlateau schedule(model.optimizer, {.mode = mode, .patience = 2, .threshold = threshold});
        for (int i = 0; i < 3; ++i) {
          schedule.step(measure);
        }
        CAPTURE(static_cast<int>(mode), measure, threshold);
        CHECK(model.optimizer.lr() == 0.1);
        schedule.step(measure);
        CHECK(model.optimizer.lr() == Approx(0.01));
        CHECK(schedule.best() == measure);
      }
    }
  }
}

TEST_CASE("a relative threshold makes the bar of ReduceLROnPlateau harder by a share of the best's magnitude") {
  struct Case {
    PlateauMode mode;
    double best, too_little, enough;
  };
  for (const Case& row : {Case{PlateauMode::min, -10, -10.9, -11.1}, Case{PlateauMode::min, 10, 9.1, 8.9},
                          Case{PlateauMode::max, -10, -9.1, -8.9}, Case{PlateauMode::max, 10, 10.9, 11.1},
                          Case{PlateauMode::min, 0, 0, -1e-300}, Case{PlateauMode::max, 0, 0, 1e-300}}) {
    Model model;
    ReduceLROnPlateau schedule(model.optimizer, {.mode = row.mode, .threshold = 0.1});
    schedule.step(row.best);
    schedule.step(row.too_little);
    CAPTURE(static_cast<int>(row.mode), row.best);
    CHECK(schedule.best() == row.best);
    CHECK(schedule.bad_epochs() == 1);
    schedule.step(row.enough);
    CHECK(schedule.best() == row.enough);
    CHECK(schedule.bad_epochs() == 0);
  }
}

TEST_CASE("ReduceLROnPlateau takes the first finite measure after infinite and NaN ones") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double sign : {1.0, -1.0}) {
    for (const double threshold : {0.0, 1e-4, 1.0, 2.0}) {
      Model model;
      ReduceLROnPlateau schedule(model.optimizer,
                                 {.mode = sign > 0 ? PlateauMode::min : PlateauMode::max, .threshold = threshold});
      schedule.step(std::nan(""));
      schedule.step(sign * infinity);
      CHECK(schedule.bad_epochs() == 2);
      schedule.step(-3);
      CHECK(schedule.best() == -3);
      schedule.step(-sign * infinity);
      CHECK(schedule.best() == -sign * infinity);
      schedule.step(std::nan(""));
      schedule.step(-sign * infinity);
      CHECK(schedule.bad_epochs() == 2);
    }
  }
}

TEST_CASE("ReduceLROnPlateau goes on from its state wherever it was saved") {
  const PlateauOptions options{.factor = 0.5, .patience = 1, .cooldown = 1};
  Model whole;
  ReduceLROnPlateau uninterrupted(whole.optimizer, options);
  for (const double measure : kMeasures) {
    uninterrupted.step(measure);
  }
  for (size_t k = 0; k <= kMeasures.size(); ++k) {
    Model before, after;
    ReduceLROnPlateau first(before.optimizer, options), second(after.optimizer, options);
    for (size_t i = 0; i < k; ++i) {
      first.step(kMeasures[i]);
    }
    after.optimizer.load_state_dict(before.optimizer.state_dict());
    second.load_state_dict(first.state_dict());
    for (size_t i = k; i < kMeasures.size(); ++i) {
      second.step(kMeasures[i]);
    }
    CHECK(after.optimizer.lr(0) == whole.optimizer.lr(0));
    CHECK(after.optimizer.lr(1) == whole.optimizer.lr(1));
    CHECK(second.best() == uninterrupted.best());
    CHECK(second.bad_epochs() == uninterrupted.bad_epochs());
  }
}

TEST_CASE("ReduceLROnPlateau refuses arguments and states that make no sense") {
  Model model;
  const auto refused = [&](const PlateauOptions& options) {
    CHECK_THROWS_AS(ReduceLROnPlateau(model.optimizer, options), ValueError);
  };
  refused({.factor = 1});
  refused({.factor = std::nan("")});
  refused({.patience = -1});
  refused({.threshold = -1});
  refused({.cooldown = -1});
  refused({.min_lr = {}});
  refused({.min_lr = {0, 0, 0}});
  refused({.min_lr = {-1}});
  refused({.eps = -1});
  ReduceLROnPlateau schedule(model.optimizer);
  CHECK_THROWS_AS(schedule.load_state_dict({}), ValueError);
  StateDict state = schedule.state_dict();
  state[1].second = scalar(0, DType::float64);
  CHECK_THROWS_AS(schedule.load_state_dict(state), ValueError);
}
