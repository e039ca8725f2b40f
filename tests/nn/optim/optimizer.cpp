// SGD, Adam and AdamW beside plain loops, and their groups. State: optimizer_state.cpp.
#include <cmath>
#include <limits>
#include <memory>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/sgd.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/parallel.h>
#include <heed/tensor/random.h>
#include <heed/tensor/view.h>

#include "support/catch.h"

using namespace heed;

namespace {

const std::vector<Shape> kShapes{{7, 13}, {}, {0, 3}, {5}, {129, 131}};

std::vector<Variable> make_parameters(DType dtype, uint64_t seed) {
  Generator generator(seed);
  std::vector<Variable> parameters;
  for (const Shape& shape : kShapes) {
    parameters.emplace_back(randn(shape, dtype, generator), true);
  }
  return parameters;
}

void give_gradients(std::vector<Variable>& parameters, uint64_t seed) {
  Generator generator(seed, 1);
  for (Variable& parameter : parameters) {
    parameter.set_grad(randn(parameter.shape(), parameter.dtype(), generator));
  }
}

std::vector<double> values_of(const Tensor& x) { return to(x, DType::float64).to_vector<double>(); }

/// One parameter's elements as PyTorch's single-tensor implementations update them.
struct Reference {
  std::vector<double> p, first, second, maximum;
  int64_t steps = 0;

  explicit Reference(const Tensor& x) : p(values_of(x)), first(p.size()), second(p.size()), maximum(p.size()) {}

  void sgd(const std::vector<double>& gradient, const SGDOptions& o) {
    ++steps;
    for (size_t i = 0; i < p.size(); ++i) {
      double g = gradient[i] + o.weight_decay * p[i];
      if (o.momentum != 0) {
        first[i] = steps == 1 ? g : o.momentum * first[i] + (1 - o.dampening) * g;
        g = o.nesterov ? g + o.momentum * first[i] : first[i];
      }
      p[i] -= o.lr * g;
    }
  }
  void adam(const std::vector<double>& gradient, const AdamOptions& o, bool decoupled) {
    ++steps;
    const double correction1 = 1 - std::pow(o.betas.first, static_cast<double>(steps));
    const double correction2 = 1 - std::pow(o.betas.second, static_cast<double>(steps));
    for (size_t i = 0; i < p.size(); ++i) {
      double g = gradient[i];
      if (decoupled) {
        p[i] *= 1 - o.lr * o.weight_decay;
      } else {
        g += o.weight_decay * p[i];
      }
      first[i] = o.betas.first * first[i] + (1 - o.betas.first) * g;
      second[i] = o.betas.second * second[i] + (1 - o.betas.second) * g * g;
      maximum[i] = std::max(maximum[i], second[i]);
      const double root = std::sqrt(o.amsgrad ? maximum[i] : second[i]) / std::sqrt(correction2) + o.eps;
      p[i] -= o.lr / correction1 * first[i] / root;
    }
  }
};

/// Runs a few steps of both and compares; `update` is called as update(reference, gradient).
template <class Update>
void compare(Optimizer& optimizer, std::vector<Variable>& parameters, Update update) {
  std::vector<Reference> references;
  for (const Variable& parameter : parameters) {
    references.emplace_back(parameter.value());
  }
  const double tolerance = parameters[0].dtype() == DType::float64 ? 1e-12 : 2e-5;
  for (uint64_t step = 0; step < 5; ++step) {
    give_gradients(parameters, step);
    optimizer.step();
    for (size_t i = 0; i < parameters.size(); ++i) {
      update(references[i], values_of(parameters[i].grad()));
      const std::vector<double> got = values_of(parameters[i].value());
      double worst = 0;
      for (size_t k = 0; k < got.size(); ++k) {
        worst = std::max(worst, std::abs(got[k] - references[i].p[k]));
      }
      REQUIRE(worst <= tolerance);
    }
  }
}

std::vector<std::unique_ptr<Optimizer>> one_of_each(const ParameterList& parameters) {
  std::vector<std::unique_ptr<Optimizer>> optimizers;
  optimizers.push_back(std::make_unique<SGD>(parameters, SGDOptions{.lr = 0.1, .momentum = 0.9}));
  optimizers.push_back(std::make_unique<SGD>(parameters, SGDOptions{.lr = 0.1}));
  optimizers.push_back(std::make_unique<Adam>(parameters, AdamOptions{.lr = 0.1, .amsgrad = true}));
  optimizers.push_back(std::make_unique<AdamW>(parameters, AdamWOptions{.lr = 0.1}));
  return optimizers;
}

bool same_values(const std::vector<Variable>& a, const std::vector<Variable>& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (values_of(a[i].value()) != values_of(b[i].value())) {
      return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("SGD updates as its formula says") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    for (const SGDOptions& options : {SGDOptions{.lr = 0.1}, SGDOptions{.lr = 0.05, .momentum = 0.9, .dampening = 0.3},
                                      SGDOptions{.lr = 0.05, .momentum = 0.8, .weight_decay = 0.1, .nesterov = true},
                                      SGDOptions{.lr = 0.2, .weight_decay = 0.3}}) {
      std::vector<Variable> parameters = make_parameters(dtype, 3);
      SGD optimizer(parameters, options);
      compare(optimizer, parameters, [&](Reference& r, const std::vector<double>& g) { r.sgd(g, options); });
    }
  }
}

TEST_CASE("Adam and AdamW update as their formulas say") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    for (const bool amsgrad : {false, true}) {
      const AdamOptions options{.lr = 0.01, .betas = {0.8, 0.95}, .eps = 1e-6, .weight_decay = 0.1, .amsgrad = amsgrad};
      std::vector<Variable> parameters = make_parameters(dtype, 5);
      Adam adam(parameters, options);
      compare(adam, parameters, [&](Reference& r, const std::vector<double>& g) { r.adam(g, options, false); });
      parameters = make_parameters(dtype, 6);
      AdamW adamw(parameters, {options.lr, options.betas, options.eps, options.weight_decay, options.amsgrad});
      compare(adamw, parameters, [&](Reference& r, const std::vector<double>& g) { r.adam(g, options, true); });
    }
  }
}

TEST_CASE("an update has the same bits at any thread count") {
  const int before = num_threads();
  std::vector<std::vector<Variable>> results;
  for (const int threads : {1, 2, 3, 7}) {
    set_num_threads(threads);
    std::vector<Variable> parameters = make_parameters(DType::float32, 1);
    for (const auto& optimizer : one_of_each(parameters)) {
      give_gradients(parameters, 2);
      optimizer->step();
      optimizer->step();
    }
    results.push_back(parameters);
  }
  set_num_threads(before);
  for (const std::vector<Variable>& result : results) {
    REQUIRE(same_values(result, results[0]));
  }
}

TEST_CASE("a parameter that is a strided view and a strided gradient are updated like any other") {
  Generator generator(4);
  const Tensor start = randn({6, 5}, DType::float64, generator);
  const Tensor gradient = randn({6, 5}, DType::float64, generator);
  Variable plain(clone(start), true);
  Variable strided(transpose(clone(transpose(start, 0, 1)), 0, 1), true);
  plain.set_grad(gradient);
  strided.set_grad(transpose(clone(transpose(gradient, 0, 1)), 0, 1));
  REQUIRE_FALSE(strided.value().is_contiguous());
  Adam(std::vector<Variable>{plain}, {.lr = 0.1}).step();
  Adam(std::vector<Variable>{strided}, {.lr = 0.1}).step();
  REQUIRE(values_of(plain.value()) == values_of(strided.value()));
}

TEST_CASE("a parameter without a gradient keeps its value and has no state") {
  Variable with(ones({3}), true);
  Variable without(ones({2}), true);
  Adam optimizer(std::vector<Variable>{with, without});
  with.set_grad(ones({3}));
  optimizer.step();
  REQUIRE(without.value().to_vector<float>() == std::vector<float>{1, 1});
  REQUIRE(with.value().to_vector<float>()[0] < 1);
  std::vector<std::string> names;
  for (const auto& [name, value] : optimizer.state_dict()) {
    if (name.starts_with("state.")) {
      names.push_back(name);
    }
  }
  REQUIRE(names == std::vector<std::string>{"state.0.step", "state.0.exp_avg", "state.0.exp_avg_sq"});
  optimizer.zero_grad();
  REQUIRE_FALSE(with.grad().defined());
}

TEST_CASE("groups have rates of their own") {
  Variable a(ones({1}, DType::float64), true);
  Variable b(ones({1}, DType::float64), true);
  SGD optimizer(std::vector<Variable>{a}, {.lr = 0.5});
  optimizer.add_parameter_group(std::vector<Variable>{b}, {.lr = 0.25});
  a.set_grad(ones({1}, DType::float64));
  b.set_grad(ones({1}, DType::float64));
  optimizer.step();
  REQUIRE(a.item() == 0.5);
  REQUIRE(b.item() == 0.75);
  optimizer.set_lr(1, 0.125);
  REQUIRE(optimizer.lr(0) == 0.5);
  REQUIRE(optimizer.lr(1) == 0.125);
  REQUIRE(optimizer.initial_lr(1) == 0.25);
  optimizer.set_lr(1.0);
  optimizer.step();
  REQUIRE(a.item() == -0.5);
  REQUIRE(b.item() == -0.25);
  REQUIRE_THROWS_AS(optimizer.lr(2), IndexError);
}

TEST_CASE("a variable that is listed twice is updated once") {
  Variable tied(ones({1}, DType::float64), true);
  const std::vector<std::pair<std::string, Variable>> named{{"in.weight", tied}, {"out.weight", tied}};
  SGD optimizer(named, {.lr = 0.5});
  tied.set_grad(ones({1}, DType::float64));
  optimizer.step();
  REQUIRE(tied.item() == 0.5);
  REQUIRE(optimizer.state_dict()[0].first == "state.in.weight.step");
}

TEST_CASE("a step is noticed by a graph that saved the parameter") {
  Variable weight(ones({2}), true);
  const Variable square = weight * weight;
  weight.set_grad(ones({2}));
  SGD(std::vector<Variable>{weight}).step();
  REQUIRE_THROWS_AS(backward(square, {.gradient = ones({2})}), GraphError);
}

TEST_CASE("optimisers refuse options that make no sense, by name") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<Variable> parameters{Variable(ones({1}), true)};
  const auto message = [](auto&& make) -> std::string {
    try {
      make();
    } catch (const ValueError& error) {
      return error.what();
    }
    return "";
  };
  REQUIRE(message([&] { SGD(parameters, {.lr = -1}); }) == "SGD: lr must be finite and at least 0, got -1");
  REQUIRE(message([&] { SGD(parameters, {.lr = nan}); }) == "SGD: lr must be finite and at least 0, got nan");
  REQUIRE(message([&] { SGD(parameters, {.momentum = -0.5}); }).starts_with("SGD: momentum"));
  REQUIRE(message([&] { SGD(parameters, {.dampening = infinity}); }).starts_with("SGD: dampening"));
  REQUIRE(message([&] { SGD(parameters, {.weight_decay = -1}); }).starts_with("SGD: weight_decay"));
  REQUIRE(message([&] { SGD(parameters, {.nesterov = true}); }).starts_with("SGD: nesterov"));
  REQUIRE(message([&] { Adam(parameters, {.lr = infinity}); }).starts_with("Adam: lr"));
  REQUIRE(message([&] { Adam(parameters, {.betas = {1, 0.9}}); }).starts_with("Adam: betas.first"));
  REQUIRE(message([&] { Adam(parameters, {.betas = {0.9, nan}}); }).starts_with("Adam: betas.second"));
  REQUIRE(message([&] { Adam(parameters, {.eps = -1}); }).starts_with("Adam: eps"));
  REQUIRE(message([&] { AdamW(parameters, {.weight_decay = nan}); }).starts_with("AdamW: weight_decay"));
  REQUIRE(message([&] { Adam(std::vector<Variable>{}); }).starts_with("Adam: needs at least one parameter"));
  REQUIRE(message([&] { Adam(std::vector<Variable>{parameters[0] * 2.0}); }).starts_with("Adam: a parameter must be"));
  REQUIRE(message([&] { Adam(std::vector<Variable>{Variable()}); }).starts_with("Adam: a parameter must be"));
  Adam adam(parameters);
  REQUIRE(message([&] { adam.add_parameter_group(parameters, {}); }).find("one group only") != std::string::npos);
  REQUIRE_THROWS_AS(adam.set_lr(nan), ValueError);
}
