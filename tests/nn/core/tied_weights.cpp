// A variable that is registered under two names: listed, counted, clipped and updated once, saved and loaded as both.
#include <cmath>

#include <heed/nn/core/embedding.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/summary.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/clip.h>
#include <heed/nn/optim/sgd.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

/// Symbols embedded and scored against the same vectors; a part that is there twice.
struct Tied : Module {
  Embedding embedding{7, 3};
  Linear output{3, 7};
  Linear middle{3, 3};
  Tied() {
    output.weight() = embedding.weight();
    register_module("embedding", embedding);
    register_module("output", output);
    register_module("middle", middle);
    register_module("again", middle);
  }
};

template <class Named>
std::vector<std::string> names_of(const Named& named) {
  std::vector<std::string> names;
  for (const auto& [name, each] : named) {
    names.push_back(name);
  }
  return names;
}

}  // namespace

TEST_CASE("named_parameters and named_modules list what is tied once, under its first name, as PyTorch's do") {
  const Tied model;
  CHECK(names_of(model.named_parameters()) ==
        std::vector<std::string>{"embedding.weight", "output.bias", "middle.weight", "middle.bias"});
  CHECK(names_of(model.named_modules()) == std::vector<std::string>{"", "embedding", "output", "middle"});
  CHECK(model.parameters().size() == 4);
  CHECK(model.parameter_count() == 21 + 7 + 12);
  const std::vector<std::string> all{"embedding.weight", "output.weight", "output.bias", "middle.weight",
                                     "middle.bias",      "again.weight",  "again.bias"};
  CHECK(names_of(model.registered_parameters()) == all);
  CHECK(names_of(model.state_dict()) == all);
  CHECK(summary(model).find("output.weight     (7, 3)  float32  = embedding.weight") != std::string::npos);
}

TEST_CASE("groups made of named_parameters take a tied weight once") {
  Tied model;
  std::vector<std::pair<std::string, Variable>> decayed, plain;
  for (const auto& named : model.named_parameters()) {
    const bool of_output = named.first.find("output") == 0;
    (of_output ? plain : decayed).push_back(named);
  }
  Adam adam(decayed);
  adam.add_parameter_group(plain, {.lr = 0.1});
  CHECK(adam.parameters().size() == 4);
}

TEST_CASE("a tied weight is clipped and updated once") {
  Tied model;
  for (Variable parameter : model.parameters()) {
    parameter.set_grad(ones(parameter.shape()));
  }
  const Tensor before = clone(model.embedding.weight().value());
  CHECK(clip_grad_norm(model.parameters(), 1e9) == Approx(std::sqrt(40.0)));
  SGD sgd(model, {.lr = 0.5});
  sgd.step();
  CHECK(same_bits(model.output.weight().value(), before - full({7, 3}, 0.5)));
}

TEST_CASE("a state dict has a tied weight under each name, and they must agree to be loaded") {
  Tied model, other;
  other.load_state_dict(model.state_dict());
  CHECK(same_bits(other.output.weight().value(), model.embedding.weight().value()));
  StateDict state;
  for (const auto& [name, value] : model.state_dict()) {
    state.emplace_back(name, clone(value));
  }
  other.load_state_dict(state);
  const Tensor before = clone(other.output.weight().value());
  state[1].second = zeros({7, 3});
  CHECK(message_of<ValueError>([&] { other.load_state_dict(state); }) ==
        "load_state_dict: the state does not fit the module:"
        "\n  two values: embedding.weight and output.weight are one parameter");
  state.erase(state.begin() + 1);
  CHECK(message_of<ValueError>([&] { other.load_state_dict(state); }).find("missing: output.weight (7, 3)") !=
        std::string::npos);
  CHECK(same_bits(other.output.weight().value(), before));
}

TEST_CASE("a state dict with a name twice is refused") {
  Linear layer(2, 3);
  StateDict state = layer.state_dict();
  state.emplace_back("bias", ones({3}));
  CHECK(message_of<ValueError>([&] { layer.load_state_dict(state); }) ==
        "load_state_dict: the state does not fit the module:\n  there twice: bias");
}
