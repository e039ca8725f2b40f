// Optimisers' state: what comes back from it, and what is refused, options among it.
#include <algorithm>
#include <functional>
#include <memory>

#include <heed/nn/optim/adagrad.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/rmsprop.h>
#include <heed/nn/optim/sgd.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/random.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/reference.h"

using namespace heed;

namespace {

using Make = std::function<std::unique_ptr<Optimizer>(const ParameterList&)>;

template <class Kind, class Options>
Make make(const Options& options) {
  return [options](const ParameterList& parameters) { return std::make_unique<Kind>(parameters, options); };
}

std::vector<Variable> make_parameters(uint64_t seed) {
  Generator generator(seed);
  std::vector<Variable> parameters;
  for (const Shape& shape : {Shape{7, 13}, Shape{}, Shape{0, 3}, Shape{5}}) {
    parameters.emplace_back(randn(shape, DType::float32, generator), true);
  }
  return parameters;
}

void give_gradients(std::vector<Variable>& parameters, uint64_t seed) {
  Generator generator(seed, 1);
  for (Variable& parameter : parameters) {
    parameter.set_grad(randn(parameter.shape(), parameter.dtype(), generator));
  }
}

/// An optimiser that was saved, one that is like it but for one option, and the name of that option.
struct OtherOption {
  std::string name;
  Make saved, other;
};

std::vector<OtherOption> other_options() {
  const SGDOptions sgd{.momentum = 0.9};
  const AdamOptions adam;
  const RMSpropOptions rmsprop{.momentum = 0.5};
  const AdagradOptions adagrad;
  const auto with = [](const auto& options, auto member, auto value) {
    auto changed = options;
    changed.*member = value;
    return changed;
  };
  const auto row = [](const char* name, const Make& saved, const Make& other) {
    return OtherOption{name, saved, other};
  };
  return {
      row("momentum", make<SGD>(sgd), make<SGD>(with(sgd, &SGDOptions::momentum, 0.95))),
      row("dampening", make<SGD>(sgd), make<SGD>(with(sgd, &SGDOptions::dampening, 0.1))),
      row("weight_decay", make<SGD>(sgd), make<SGD>(with(sgd, &SGDOptions::weight_decay, 0.1))),
      row("nesterov", make<SGD>(sgd), make<SGD>(with(sgd, &SGDOptions::nesterov, true))),
      row("betas.first", make<Adam>(adam), make<Adam>(AdamOptions{.betas = {0.8, 0.999}})),
      row("betas.second", make<Adam>(adam), make<Adam>(AdamOptions{.betas = {0.9, 0.99}})),
      row("eps", make<Adam>(adam), make<Adam>(with(adam, &AdamOptions::eps, 1e-7))),
      row("weight_decay", make<Adam>(adam), make<Adam>(with(adam, &AdamOptions::weight_decay, 0.1))),
      row("amsgrad", make<Adam>(adam), make<Adam>(with(adam, &AdamOptions::amsgrad, true))),
      row("decoupled_weight_decay", make<Adam>(adam), make<AdamW>(AdamWOptions{.weight_decay = 0})),
      row("alpha", make<RMSprop>(rmsprop), make<RMSprop>(with(rmsprop, &RMSpropOptions::alpha, 0.9))),
      row("eps", make<RMSprop>(rmsprop), make<RMSprop>(with(rmsprop, &RMSpropOptions::eps, 1e-7))),
      row("weight_decay", make<RMSprop>(rmsprop), make<RMSprop>(with(rmsprop, &RMSpropOptions::weight_decay, 0.1))),
      row("momentum", make<RMSprop>(rmsprop), make<RMSprop>(with(rmsprop, &RMSpropOptions::momentum, 0.6))),
      row("centered", make<RMSprop>(rmsprop), make<RMSprop>(with(rmsprop, &RMSpropOptions::centered, true))),
      row("lr_decay", make<Adagrad>(adagrad), make<Adagrad>(with(adagrad, &AdagradOptions::lr_decay, 0.1))),
      row("weight_decay", make<Adagrad>(adagrad), make<Adagrad>(with(adagrad, &AdagradOptions::weight_decay, 0.1))),
      row("initial_accumulator_value", make<Adagrad>(adagrad),
          make<Adagrad>(with(adagrad, &AdagradOptions::initial_accumulator_value, 0.1))),
      row("eps", make<Adagrad>(adagrad), make<Adagrad>(with(adagrad, &AdagradOptions::eps, 1e-7))),
  };
}

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) {
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("an optimiser goes on from a loaded state as if it had not stopped") {
  for (const Make& make_one :
       {make<SGD>(SGDOptions{.lr = 0.1, .momentum = 0.9}), make<SGD>(SGDOptions{.lr = 0.1}),
        make<Adam>(AdamOptions{.lr = 0.1, .amsgrad = true}), make<AdamW>(AdamWOptions{.lr = 0.1})}) {
    std::vector<Variable> straight = make_parameters(8);
    const auto optimizer = make_one(straight);
    give_gradients(straight, 1);
    optimizer->step();
    optimizer->set_lr(0.03);

    std::vector<Variable> resumed;
    for (const Variable& parameter : straight) {
      resumed.emplace_back(clone(parameter.value()), true);
    }
    const auto other = make_one(resumed);
    other->load_state_dict(optimizer->state_dict());
    REQUIRE(other->lr() == 0.03);
    for (uint64_t step = 2; step < 5; ++step) {
      give_gradients(straight, step);
      give_gradients(resumed, step);
      optimizer->step();
      other->step();
    }
    for (size_t i = 0; i < straight.size(); ++i) {
      REQUIRE(test::same_bits(straight[i].value(), resumed[i].value()));
    }
  }
}

TEST_CASE("load_state_dict reports all that does not fit and changes nothing") {
  Variable parameter(ones({3}), true);
  parameter.set_grad(ones({3}));
  Adam optimizer(std::vector<Variable>{parameter});
  optimizer.step();
  StateDict state = optimizer.state_dict();
  state[1].second = ones({4});
  state[2].first = "state.0.other";
  state.emplace_back("state.9.step", scalar(1, DType::int64));
  const auto lr = [](const auto& entry) { return entry.first == "group.0.lr"; };
  std::find_if(state.begin(), state.end(), lr)->second = Tensor();
  optimizer.set_lr(0.5);
  const std::string message = message_of<ValueError>([&] { optimizer.load_state_dict(state); });
  CHECK(message.starts_with("Adam: the state does not fit the optimizer:"));
  CHECK(message.find("wrong: state.0.exp_avg must be float32 (3,), got float32 (4,)") != std::string::npos);
  CHECK(message.find("missing: state.0.exp_avg_sq") != std::string::npos);
  CHECK(message.find("unexpected: state.0.other") != std::string::npos);
  CHECK(message.find("unexpected: state.9.step") != std::string::npos);
  CHECK(message.find("undefined: group.0.lr") != std::string::npos);
  REQUIRE(optimizer.lr() == 0.5);
  REQUIRE(optimizer.state_dict()[0].second.item<int64_t>() == 1);
}

TEST_CASE("load_state_dict refuses each option that is another one, by name, and changes nothing") {
  for (const OtherOption& row : other_options()) {
    INFO(row.name);
    const std::vector<Variable> parameters = make_parameters(3);
    const auto other = row.other(parameters);
    const StateDict saved = row.saved(parameters)->state_dict(), before = other->state_dict();
    const std::string message = message_of<ValueError>([&] { other->load_state_dict(saved); });
    CHECK(count(message, "other option: ") == 1);
    CHECK(count(message, "other option: group.0." + row.name + " is ") == 1);
    const StateDict after = other->state_dict();
    REQUIRE(after.size() == before.size());
    for (size_t i = 0; i < before.size(); ++i) {
      CHECK(after[i].second.item() == before[i].second.item());
    }
  }
}

TEST_CASE("options that differ are listed for every group with both values") {
  const std::vector<Variable> parameters = make_parameters(3);
  Adam saved(std::vector<Variable>{parameters[0]}), other(std::vector<Variable>{parameters[0]}, {.betas = {0.5, 0.25}});
  saved.add_parameter_group(std::vector<Variable>{parameters[1]}, {.eps = 0.1});
  other.add_parameter_group(std::vector<Variable>{parameters[1]}, {.eps = 1e-300, .amsgrad = true});
  CHECK(message_of([&] { other.load_state_dict(saved.state_dict()); }) ==
        "Adam: the state does not fit the optimizer:"
        "\n  other option: group.0.betas.first is 0.5, and the state was saved with 0.9"
        "\n  other option: group.0.betas.second is 0.25, and the state was saved with 0.999"
        "\n  other option: group.1.eps is 1e-300, and the state was saved with 0.1"
        "\n  other option: group.1.amsgrad is 1, and the state was saved with 0");
}

TEST_CASE("a state without options fits any, and one with some of them is not whole") {
  const std::vector<Variable> parameters = make_parameters(3);
  Adam saved(parameters), other(parameters, {.eps = 1e-3});
  StateDict state = saved.state_dict();
  std::erase_if(state, [](const auto& entry) { return entry.first == "group.0.eps"; });
  CHECK(message_of([&] { saved.load_state_dict(state); }).find("missing: group.0.eps") != std::string::npos);
  std::erase_if(state, [](const auto& entry) {
    return entry.first.starts_with("group.") && entry.first.find("lr") == std::string::npos;
  });
  REQUIRE(state.size() == 2);
  CHECK_NOTHROW(other.load_state_dict(state));
}
