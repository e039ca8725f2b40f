// Parts and parameters that are registered and then destroyed, and modules that would be parts of themselves.
#include <memory>
#include <optional>

#include <heed/nn/core/linear.h>
#include <heed/nn/core/module_list.h>
#include <heed/nn/core/sequential.h>
#include <heed/nn/optim/reduce_lr_on_plateau.h>
#include <heed/nn/optim/sgd.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

#include "support/catch.h"
#include "support/message.h"

using namespace heed;

namespace {

/// Anybody may register with it.
struct Open : Module {
  using Module::register_module;
  using Module::register_parameter;
};

/// A member function of Module that goes through parts or parameters.
struct Walk {
  const char* name;
  void (*run)(Module& module);
};

constexpr Walk kWalks[] = {
    {"named_parameters", [](Module& module) { module.named_parameters(); }},
    {"registered_parameters", [](Module& module) { module.registered_parameters(); }},
    {"parameters", [](Module& module) { module.parameters(); }},
    {"parameter_count", [](Module& module) { module.parameter_count(); }},
    {"state_dict", [](Module& module) { module.state_dict(); }},
    {"load_state_dict", [](Module& module) { module.load_state_dict({}); }},
    {"to", [](Module& module) { module.to(DType::float64); }},
    {"zero_grad", [](Module& module) { module.zero_grad(); }},
};

constexpr Walk kWalksOfParts[] = {
    {"named_modules", [](Module& module) { module.named_modules(); }},
    {"train", [](Module& module) { module.train(false); }},
};

std::vector<std::string> names_of(const Module& module) {
  std::vector<std::string> names;
  for (const auto& [name, parameter] : module.named_parameters()) {
    names.push_back(name);
  }
  return names;
}

/// Builds from locals, as one must not.
struct Careless : Module {
  Linear kept{2, 3};
  Careless() {
    register_module("kept", kept);
    Linear part(2, 3);
    register_module("lost", part);
  }
};

}  // namespace

TEST_CASE("a part that was destroyed is named by whatever goes through the parts") {
  Open outer, inner;
  outer.register_module("inner", inner);
  auto part = std::make_unique<Linear>(2, 3);
  inner.register_module("x", *part);
  part.reset();
  const std::string hint = "' was destroyed: parts and parameters are registered by reference, so keep them as members";
  const auto check_walk = [&](const Walk& walk) {
    CAPTURE(walk.name);
    CHECK(message_of<ValueError>([&] { walk.run(inner); }) == "Module: part 'x" + hint);
    CHECK(message_of<ValueError>([&] { walk.run(outer); }) == "Module: part 'inner.x" + hint);
  };
  for (const Walk& walk : kWalks) {
    check_walk(walk);
  }
  for (const Walk& walk : kWalksOfParts) {
    check_walk(walk);
  }
  CHECK(outer.training());  // train changes all or nothing
  Open another;
  CHECK(message_of<ValueError>([&] { another.register_module("outer", outer); }) ==
        "Module: part 'outer.inner.x" + hint);
  CHECK(another.named_modules().size() == 1);
  Careless careless;
  CHECK(message_of<ValueError>([&] { careless.parameters(); }) == "Module: part 'lost" + hint);
}

TEST_CASE("a parameter that was destroyed, moved by its vector, or emptied is named") {
  Open outer, inner;
  outer.register_module("inner", inner);
  const std::string destroyed =
      "' was destroyed: parts and parameters are registered by reference, so keep them as members";
  {
    Variable local(ones({2}), true);
    inner.register_parameter("x", local);
    const Variable copy = local;
    CHECK(names_of(outer) == std::vector<std::string>{"inner.x"});
  }
  for (const Walk& walk : kWalks) {
    CAPTURE(walk.name);
    CHECK(message_of<ValueError>([&] { walk.run(inner); }) == "Module: parameter 'x" + destroyed);
    CHECK(message_of<ValueError>([&] { walk.run(outer); }) == "Module: parameter 'inner.x" + destroyed);
  }
  Open growing;
  std::vector<Variable> weights;
  weights.reserve(1);
  weights.emplace_back(ones({2}), true);
  growing.register_parameter("w0", weights[0]);
  weights.reserve(2);
  CHECK(message_of<ValueError>([&] { growing.parameters(); }) == "Module: parameter 'w0" + destroyed);
  Open emptied;
  Variable weight(ones({2}), true);
  emptied.register_parameter("weight", weight);
  weight = Variable();
  CHECK(message_of<ValueError>([&] { emptied.parameters(); }) == "Module: parameter 'weight' has become undefined");
}

TEST_CASE("a parameter that is assigned to stays registered, and so does one whose copies come and go") {
  Open module;
  Variable weight(ones({2}), true);
  module.register_parameter("weight", weight);
  {
    Variable copy = weight;
    const Variable another = std::move(copy);
  }
  weight = Variable(full({3}, 2), true);
  REQUIRE(module.parameters().size() == 1);
  CHECK(module.parameters()[0].same_as(weight));
  Open second;  // one variable in two modules
  second.register_parameter("tied", weight);
  CHECK(second.parameters()[0].same_as(module.parameters()[0]));
}

TEST_CASE("a name whose bearer was destroyed may be registered again") {
  Open module;
  std::optional<Linear> head(std::in_place, 2, 3);
  module.register_module("head", *head);
  CHECK_THROWS_AS(module.register_module("head", *head), ValueError);
  head.emplace(2, 4);  // another module in the same place
  CHECK_THROWS_AS(module.parameters(), ValueError);
  module.register_module("head", *head);
  CHECK(module.parameter_count() == 2 * 4 + 4);
  CHECK(head->path() == "head");
  head.reset();
  Variable weight(ones({2}), true);
  module.register_parameter("head", weight);
  CHECK(names_of(module) == std::vector<std::string>{"head"});
}

TEST_CASE("a module is not a part of itself, neither directly nor through others") {
  Open a, b, c;
  CHECK(message_of<ValueError>([&] { a.register_module("self", a); }) ==
        "Module: a module must not be a part of itself, 'self' would be");
  a.register_module("b", b);
  b.register_module("c", c);
  CHECK_THROWS_AS(c.register_module("a", a), ValueError);
  CHECK_THROWS_AS(c.register_module("b", b), ValueError);
  CHECK_THROWS_AS(b.register_module("b", b), ValueError);
  CHECK(a.named_modules().size() == 3);
  CHECK(c.path() == "b.c");
  struct Selfish : Module {
    Selfish() { register_module("self", *this); }
  };
  CHECK_THROWS_AS(Selfish(), ValueError);
}

TEST_CASE("parts outlive the module that lists them, and lists own theirs") {
  Linear part(2, 3);
  {
    Open whole;
    whole.register_module("part", part);
    CHECK(part.path() == "part");
  }
  CHECK(part.parameter_count() == 9);
  CHECK(part.path().empty());
  CHECK(message_of<ShapeError>([&] { part.forward(zeros({1, 5})); }).starts_with("Linear: "));
  Sequential middle;
  const Linear& inner = middle.add<Linear>(2, 3);
  {
    Open whole;
    whole.register_module("middle", middle);
    CHECK(inner.path() == "middle.0");
  }
  CHECK(inner.path() == "0");
  Open next;
  next.register_module("again", part);
  CHECK(names_of(next) == std::vector<std::string>{"again.weight", "again.bias"});
  auto list = std::make_unique<ModuleList<Linear>>();
  for (int i = 0; i < 20; ++i) {
    list->add(1, 1);
  }
  CHECK(list->parameter_count() == 40);
  auto sequential = std::make_unique<Sequential>();
  sequential->add<Linear>(1, 1);
  next.register_module("list", *list);
  next.register_module("sequential", *sequential);
  CHECK(next.parameter_count() == 9 + 40 + 2);
  sequential.reset();
  CHECK(message_of<ValueError>([&] { next.parameters(); }).find("part 'sequential' was destroyed") !=
        std::string::npos);
}

TEST_CASE("ReduceLROnPlateau names an optimiser that was destroyed") {
  Linear layer(2, 3);
  auto sgd = std::make_unique<SGD>(layer);
  ReduceLROnPlateau plateau(*sgd, {.patience = 0});
  plateau.step(1);
  sgd.reset();
  CHECK(message_of<ValueError>([&] { plateau.step(2); }) ==
        "ReduceLROnPlateau: the optimizer was destroyed, and must outlive this");
}
