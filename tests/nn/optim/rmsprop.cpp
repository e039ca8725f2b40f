// RMSprop and Adagrad beside plain loops, their groups and their state.
#include <heed/nn/optim/rmsprop.h>

#include <cmath>
#include <functional>
#include <memory>

#include <heed/nn/optim/adagrad.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

using namespace heed;
using test::random_tensor;

namespace {

const std::vector<Shape> kShapes{{7, 13}, {}, {0, 3}, {5}};

Tensor gradient_for(size_t parameter, int step, DType dtype) {
  return random_tensor(kShapes[parameter], static_cast<uint32_t>(100 * step + static_cast<int>(parameter)), dtype);
}

/// One element, followed through its steps.
struct Element {
  double p;
  double square = 0, mean = 0, velocity = 0;

  void rmsprop(double gradient, const RMSpropOptions& o) {
    const double g = gradient + o.weight_decay * p;
    square = o.alpha * square + (1 - o.alpha) * g * g;
    mean = o.alpha * mean + (1 - o.alpha) * g;
    const double variance = o.centered ? square - mean * mean : square;
    velocity = o.momentum * velocity + g / (std::sqrt(variance) + o.eps);
    p -= o.lr * velocity;
  }
  void adagrad(double gradient, const AdagradOptions& o, int step) {
    const double g = gradient + o.weight_decay * p;
    square = (step == 0 ? o.initial_accumulator_value : square) + g * g;
    p -= o.lr / (1 + step * o.lr_decay) * g / (std::sqrt(square) + o.eps);
  }
};

using Make = std::function<std::unique_ptr<Optimizer>(const std::vector<Variable>&)>;

/// Five steps of both; `update` takes an element, its gradient and the step.
void follows(const Make& make, DType dtype, double tolerance,
             const std::function<void(Element&, double, int)>& update) {
  std::vector<Variable> parameters;
  std::vector<std::vector<Element>> elements;
  for (size_t i = 0; i < kShapes.size(); ++i) {
    parameters.emplace_back(random_tensor(kShapes[i], static_cast<uint32_t>(i), dtype), true);
    elements.emplace_back();
    for (const double value : test::values(parameters.back().value())) {
      elements.back().push_back({value});
    }
  }
  const auto optimizer = make(parameters);
  for (int step = 0; step < 5; ++step) {
    for (size_t i = 0; i < kShapes.size(); ++i) {
      const Tensor gradient = gradient_for(i, step, dtype);
      parameters[i].set_grad(step % 2 == 0 ? gradient : test::strided(gradient));
      const std::vector<double> values = test::values(gradient);
      for (size_t k = 0; k < values.size(); ++k) {
        update(elements[i][k], values[k], step);
      }
    }
    optimizer->step();
  }
  for (size_t i = 0; i < kShapes.size(); ++i) {
    std::vector<double> expected;
    for (const Element& element : elements[i]) {
      expected.push_back(element.p);
    }
    test::check_close(test::values(parameters[i].value()), expected, tolerance);
  }
}

/// Saves after each number of steps, goes on in another optimiser, and compares bits.
void resumes(const Make& make) {
  const auto steps = [](Optimizer& optimizer, Variable& parameter, int begin, int end) {
    for (int step = begin; step < end; ++step) {
      parameter.set_grad(gradient_for(0, step, DType::float32));
      optimizer.step();
    }
  };
  Variable whole(ones(kShapes[0]), true);
  const auto uninterrupted = make({whole});
  steps(*uninterrupted, whole, 0, 5);
  for (int k = 0; k <= 5; ++k) {
    Variable before(ones(kShapes[0]), true), after(ones(kShapes[0]), true);
    const auto first = make({before}), second = make({after});
    steps(*first, before, 0, k);
    copy_(after.mutable_value(), before.value());
    second->load_state_dict(first->state_dict());
    steps(*second, after, k, 5);
    CHECK(test::same_bits(after.value(), whole.value()));
  }
}

}  // namespace

TEST_CASE("RMSprop follows its formula with each of its options") {
  for (const RMSpropOptions& options :
       {RMSpropOptions{}, RMSpropOptions{.lr = 0.1, .alpha = 0.9, .eps = 1e-3, .weight_decay = 0.1},
        RMSpropOptions{.momentum = 0.8}, RMSpropOptions{.alpha = 0.8, .momentum = 0.5, .centered = true},
        RMSpropOptions{.centered = true}}) {
    const Make make = [&](const std::vector<Variable>& p) { return std::make_unique<RMSprop>(p, options); };
    const auto update = [&](Element& element, double gradient, int) { element.rmsprop(gradient, options); };
    follows(make, DType::float64, 1e-12, update);
    follows(make, DType::float32, 1e-4, update);
    resumes(make);
  }
}

TEST_CASE("centred RMSprop stays finite under a constant gradient, whose variance is rounding") {
  for (const double alpha : {0.9, 0.99}) {
    for (const double momentum : {0.0, 0.5}) {
      for (const double size : {0.1, -3.0, 1e-3, 1e20}) {
        Variable p(ones({1}), true);
        RMSprop optimizer(std::vector<Variable>{p}, {.alpha = alpha, .momentum = momentum, .centered = true});
        for (int step = 0; step < 5000; ++step) {
          p.set_grad(full({1}, size));
          optimizer.step();
        }
        CAPTURE(alpha, momentum, size);
        CHECK(std::isfinite(p.value().item()));
        CHECK((size > 1e19 || std::signbit(p.value().item()) != std::signbit(size)));
      }
    }
  }
  Variable broken(ones({1}), true);
  RMSprop optimizer(std::vector<Variable>{broken}, {.centered = true});
  broken.set_grad(full({1}, std::nan("")));
  optimizer.step();
  CHECK(std::isnan(broken.value().item()));  // a NaN in the gradient is not hidden
}

TEST_CASE("Adagrad follows its formula with each of its options") {
  for (const AdagradOptions& options :
       {AdagradOptions{}, AdagradOptions{.lr = 0.1, .lr_decay = 0.05, .weight_decay = 0.01},
        AdagradOptions{.initial_accumulator_value = 0.5, .eps = 1e-3}}) {
    const Make make = [&](const std::vector<Variable>& p) { return std::make_unique<Adagrad>(p, options); };
    const auto update = [&](Element& element, double gradient, int step) { element.adagrad(gradient, options, step); };
    follows(make, DType::float64, 1e-12, update);
    follows(make, DType::float32, 1e-4, update);
    resumes(make);
  }
}

TEST_CASE("RMSprop and Adagrad give each group its options and pass over parameters without a gradient") {
  Variable a(ones({2}), true), b(ones({2}), true), idle(ones({2}), true);
  RMSprop rmsprop(std::vector<Variable>{a, idle}, {.lr = 1, .alpha = 0});
  rmsprop.add_parameter_group(std::vector<Variable>{b}, {.lr = 2, .alpha = 0, .momentum = 0.5});
  a.set_grad(full({2}, 3));
  b.set_grad(full({2}, 3));
  rmsprop.step();
  // With alpha 0 the mean is the last square: a step is the rate.
  test::check_close(test::values(a.value()), {0, 0}, 1e-6);
  test::check_close(test::values(b.value()), {-1, -1}, 1e-6);
  CHECK(idle.value().at({0}) == 1);
  // Step and square_avg, those and momentum_buffer, then rates and options of two groups.
  CHECK(rmsprop.state_dict().size() == 2 + 3 + 2 * (2 + 5));
  Adagrad adagrad(std::vector<Variable>{a, idle}, {.lr = 1});
  adagrad.step();
  test::check_close(test::values(a.value()), {-1, -1}, 1e-6);
  CHECK(idle.value().at({0}) == 1);
}

TEST_CASE("RMSprop and Adagrad refuse options that make no sense") {
  Variable p(ones({2}), true);
  const std::vector<Variable> list{p};
  const double nan = std::nan("");
  CHECK_THROWS_AS(RMSprop(list, {.lr = -1}), ValueError);
  CHECK_THROWS_AS(RMSprop(list, {.alpha = 1.1}), ValueError);
  CHECK_THROWS_AS(RMSprop(list, {.eps = nan}), ValueError);
  CHECK_THROWS_AS(RMSprop(list, {.weight_decay = -1}), ValueError);
  CHECK_THROWS_AS(RMSprop(list, {.momentum = -1}), ValueError);
  CHECK_THROWS_AS(Adagrad(list, {.lr = nan}), ValueError);
  CHECK_THROWS_AS(Adagrad(list, {.lr_decay = -1}), ValueError);
  CHECK_THROWS_AS(Adagrad(list, {.weight_decay = nan}), ValueError);
  CHECK_THROWS_AS(Adagrad(list, {.initial_accumulator_value = -1}), ValueError);
  CHECK_THROWS_AS(Adagrad(list, {.eps = -1}), ValueError);
}
