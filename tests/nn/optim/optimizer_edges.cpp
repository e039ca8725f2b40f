// Optimisers, schedules and their states at the ends of what numbers can be.
#include <cmath>
#include <filesystem>
#include <limits>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/nn/core/checkpoint.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/lr_schedule.h>
#include <heed/nn/optim/reduce_lr_on_plateau.h>
#include <heed/nn/optim/sgd.h>
#include <heed/tensor/create.h>

#include "support/catch.h"
#include "support/message.h"

using namespace heed;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The parameter after steps with these gradients, one after the other.
template <class Optimizer, class Options>
double after(double start, const std::vector<double>& gradients, const Options& options) {
  Variable parameter(full({1}, start), true);
  Optimizer optimizer(std::vector<Variable>{parameter}, options);
  for (const double gradient : gradients) {
    parameter.set_grad(full({1}, gradient));
    optimizer.step();
  }
  return parameter.value().item<double>();
}

}  // namespace

TEST_CASE("an infinite parameter stays infinite where its gradient is 0 and nothing decays") {
  CHECK(after<SGD>(-kInfinity, {0, 0}, SGDOptions{.lr = 0.1}) == -kInfinity);
  CHECK(after<SGD>(-kInfinity, {0, 0}, SGDOptions{.lr = 0.1, .momentum = 0.9}) == -kInfinity);
  CHECK(after<Adam>(kInfinity, {0, 0}, AdamOptions{}) == kInfinity);
  CHECK(after<AdamW>(kInfinity, {0, 0}, AdamWOptions{.weight_decay = 0.01}) == kInfinity);
}

TEST_CASE("an element whose squared gradient is beyond float32 stands still under Adam, whatever sign follows") {
  CHECK(after<Adam>(1, {3e38, 3e38, 3e38, 3e38, 3e38, 3e38, 3e38, 3e38, -3e38, 3e38}, AdamOptions{}) == 1);
}

TEST_CASE("x to the power of 0 has the gradient 0, which is there") {
  Variable x(tensor<float>({0, -2}), true);
  backward(sum(pow(x, 0.0)));
  REQUIRE(x.grad().defined());
  CHECK(x.grad().to_vector<float>() == std::vector<float>{0, 0});
}

TEST_CASE("a warm-up of as many steps as there are integers starts small and positive") {
  const WarmUp schedule(std::numeric_limits<int64_t>::max(), [](double initial, int64_t) { return initial; });
  CHECK(schedule(1, 0) == 0x1p-63);
}

TEST_CASE("parameters may be listed in braces, with names or without") {
  const Variable w(ones({2}), true), b(ones({3}), true);
  Adam plain({w, b}, {.lr = 0.1});
  SGD one({w}, {.lr = 0.1});
  AdamW named({{"w", w}, {"b", b}}, {.lr = 0.1});
  CHECK(plain.parameters().size() == 2);
  CHECK(one.parameters().size() == 1);
  backward(sum(w) + sum(b));
  named.step();
  CHECK(named.state_dict().front().first.starts_with("state.w."));
}

TEST_CASE("a parameter that cannot be updated is refused by its name or number, and by what it is") {
  const Variable good(ones({1}), true);
  const auto refused = [&](const Variable& bad) {
    return message_of([&] { SGD(std::vector<Variable>{good, bad}, SGDOptions{.lr = 1}); });
  };
  const std::string rule = "SGD: a parameter must be a leaf of float32 or float64, '1' is ";
  CHECK(refused(Variable()) == rule + "undefined");
  CHECK(refused(good * 1.0) == rule + "the result of an operation");
  CHECK(refused(Variable(ones({1}, DType::int64))) == rule + "int64");
}

TEST_CASE("states with impossible counts are refused") {
  Variable parameter(ones({1}), true);
  Adam adam(std::vector<Variable>{parameter}, AdamOptions{});
  parameter.set_grad(ones({1}));
  adam.step();
  StateDict state = adam.state_dict();
  for (auto& [name, value] : state) {
    if (name.ends_with("step")) {
      value = scalar(std::numeric_limits<int64_t>::max(), DType::int64);
    }
  }
  CHECK(message_of([&] { adam.load_state_dict(state); }).find("must be from 1 to 2^53, got 9223372036854775807") !=
        std::string::npos);

  ReduceLROnPlateau plateau(adam, {});
  StateDict counts = plateau.state_dict();
  counts[1].second = scalar(-5, DType::int64);
  CHECK(message_of([&] { plateau.load_state_dict(counts); }).find("at least 0, got -5 and 0") != std::string::npos);

  Checkpoint checkpoint;
  checkpoint.progress.position = -1;
  const std::string path = (std::filesystem::temp_directory_path() / "heed_never_written.npz").string();
  CHECK(message_of([&] { save_checkpoint(path, checkpoint); }) ==
        "save_checkpoint: step, epoch and position must be at least 0, got 0, 0 and -1");
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a state that fits its parameter no longer is refused by the parameter's name") {
  Variable weight(ones({2}), true);
  Adam adam(ParameterList({{"cell.weight", weight}}), AdamOptions{});
  weight.set_grad(ones({2}));
  adam.step();
  weight.set_value(ones({2}, DType::float64));
  weight.set_grad(ones({2}, DType::float64));
  CHECK(message_of<DTypeError>([&] { adam.step(); }) ==
        "Adam: the state of the parameter 'cell.weight' must be float64, got float32");
  weight.set_value(ones({3}));
  weight.set_grad(ones({3}));
  CHECK(message_of<ShapeError>([&] { adam.step(); }) ==
        "Adam: the state of the parameter 'cell.weight' must be (3,), got (2,)");
}
