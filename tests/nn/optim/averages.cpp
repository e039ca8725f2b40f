// Averages of weights.
#include <heed/nn/optim/averages.h>

#include <heed/autograd/backward.h>
#include <heed/autograd/reduce.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/optim/sgd.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/random.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

struct Tied : Module {
  Linear in{3, 3}, out{3, 3};
  Variable steps{zeros({}, DType::int64)};
  Tied() {
    register_module("in", in);
    register_module("out", out);
    register_buffer("steps", steps);
    out.weight() = in.weight();
  }
};

}  // namespace

TEST_CASE("an exponential moving average follows its formula, and a scope exchanges the weights") {
  Tied model;
  ExponentialMovingAverage average(model, 0.75);
  std::vector<double> wanted = values(model.in.weight().value());
  for (int64_t step = 1; step <= 4; ++step) {
    copy_(model.in.weight().mutable_value(), randn({3, 3}));
    fill_(model.steps.mutable_value(), step);
    average.update();
    const std::vector<double> now = values(model.in.weight().value());
    for (size_t i = 0; i < wanted.size(); ++i) {
      wanted[i] = step == 1 ? now[i] : 0.75 * wanted[i] + 0.25 * now[i];
    }
  }
  CHECK(average.updates() == 4);
  const Tensor own = clone(model.in.weight().value());
  {
    const AveragedWeights weights(average);
    check_close(values(model.in.weight().value()), wanted, 1e-6);
    CHECK(model.out.weight().same_as(model.in.weight()));
    CHECK(model.steps.item<int64_t>() == 4);
  }
  CHECK(same_bits(model.in.weight().value(), own));
  check_close(values(average.state_dict()[1].second), wanted, 1e-6);
  CHECK(same_bits(average.state_dict()[1].second, average.state_dict()[3].second));
  average.update();  // tied weights are averaged once, also after a scope
  for (size_t i = 0; i < wanted.size(); ++i) {
    wanted[i] = 0.75 * wanted[i] + 0.25 * values(own)[i];
  }
  check_close(values(average.state_dict()[1].second), wanted, 1e-6);
  Tied other;
  other.load_state_dict(average.state_dict());
  check_close(values(other.out.weight().value()), wanted, 1e-6);
  ExponentialMovingAverage resumed(model, 0.75);
  resumed.load_state_dict(average.state_dict());
  check_close(values(resumed.state_dict()[1].second), wanted, 1e-6);
}

TEST_CASE("an average is of one model and a decay between 0 and 1") {
  Linear model(3, 3), other(3, 4);
  CHECK_THROWS_AS(ExponentialMovingAverage(model, 1.5), ValueError);
  ExponentialMovingAverage average(model);
  CHECK(message_of<ValueError>([&] { average.load_state_dict(other.state_dict()); }) ==
        "ExponentialMovingAverage: 'weight' must be float32 (3, 3), got float32 (4, 3)");
}

TEST_CASE("a scope of averages gives the model its weights back whatever became of them meanwhile") {
  Tied model;
  ExponentialMovingAverage average(model, 0.5);
  const Tensor own = model.in.weight().value();
  {
    const AveragedWeights weights(average);
    model.to(DType::float64);
  }
  CHECK(model.in.weight().value().dtype() == DType::float32);
  CHECK(same_bits(model.in.weight().value(), own));
  average.update();
  const Tensor bias = model.out.bias().value();
  const Variable weight = model.in.weight();
  {
    const AveragedWeights weights(average);
    CHECK(!model.out.bias().value().storage().unique());
    model.in.weight() = Variable();
  }
  CHECK(same_bits(model.out.bias().value(), bias));
  CHECK(same_bits(weight.value(), own));
}

TEST_CASE("averages of another dtype are refused with nothing changed") {
  Linear model(3, 3);
  ExponentialMovingAverage average(model);
  model.to(DType::float64);
  const Tensor own = model.weight().value();
  CHECK(message_of<ValueError>([&] { const AveragedWeights weights(average); }) ==
        "AveragedWeights: 'weight' must be float32 (3, 3), got float64 (3, 3)");
  CHECK(same_bits(model.weight().value(), own));
}

TEST_CASE("checkpoints are averaged value by value") {
  const StateDict a{{"w", tensor<float>({1, 2})}, {"n", tensor<int64_t>({5})}};
  const StateDict b{{"w", tensor<float>({3, 6})}, {"n", tensor<int64_t>({7})}};
  const StateDict c{{"w", tensor<float>({5, 1})}, {"n", tensor<int64_t>({9})}};
  const StateDict mean = average_states({a, b, c});
  CHECK(same_bits(mean[0].second, tensor<float>({3, 3})));
  CHECK(same_bits(mean[1].second, tensor<int64_t>({9})));
  CHECK_THROWS_AS(average_states({}), ValueError);
  CHECK(message_of<ValueError>([&] {
          average_states({a, {{"w", tensor<float>({1, 2})}, {"m", a[1].second}}});
        }) == "average_states: must have 'n', got 'm'");
}
