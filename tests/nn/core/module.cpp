// Module: names, order, paths, modes, state.
#include <heed/nn/core/module.h>

#include <optional>

#include <heed/autograd/backward.h>
#include <heed/autograd/create.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/core/activation.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/sequential.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/nn/transformer/transformer_encoder.h>
#include <heed/tensor/error.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

struct Block : Module {
  Variable scale{ones({2}), true};
  Variable none;
  Linear inner{2, 3};
  Dropout dropout{0.5};
  Block() {
    register_module("inner", inner);
    register_parameter("scale", scale);
    register_parameter("none", none);
    register_module("dropout", dropout);
  }
};

struct Model : Module {
  Block first, second;
  Sequential tail;
  Variable temperature{ones({}), true};
  Model() {
    register_module("first", first);
    register_module("second", second);
    register_module("tail", tail);
    register_parameter("temperature", temperature);
    tail.add<Linear>(3, 1);
  }
};

std::vector<std::string> names_of(const Module& module) {
  std::vector<std::string> names;
  for (const auto& [name, parameter] : module.named_parameters()) {
    names.push_back(name);
  }
  return names;
}

/// With new values, in storage of its own.
StateDict other_values(const Module& module) {
  StateDict state = module.state_dict();
  uint32_t seed = 1;
  for (auto& [name, value] : state) {
    value = random_tensor(value.shape(), seed++, value.dtype());
  }
  return state;
}

/// A module whose parameters are registered from outside.
struct Open : Module {
  using Module::register_parameter;
};

}  // namespace

TEST_CASE("parameters come own first, then those of parts, in order of registration") {
  Model model;
  CHECK(names_of(model) == std::vector<std::string>{"temperature", "first.scale", "first.inner.weight",
                                                    "first.inner.bias", "second.scale", "second.inner.weight",
                                                    "second.inner.bias", "tail.0.weight", "tail.0.bias"});
  CHECK(model.parameter_count() == 1 + 2 * (2 + 6 + 3) + 4);
}

TEST_CASE("paths reach to the innermost part, also of a part added later") {
  Model model;
  CHECK(model.path().empty());
  CHECK(model.second.inner.path() == "second.inner");
  CHECK(model.tail.add<Linear>(1, 1).path() == "tail.1");
  std::vector<std::string> names;
  for (const auto& [name, module] : model.named_modules()) {
    CHECK(module->path() == name);
    names.push_back(name);
  }
  CHECK(names == std::vector<std::string>{"", "first", "first.inner", "first.dropout", "second", "second.inner",
                                          "second.dropout", "tail", "tail.0", "tail.1"});
}

TEST_CASE("a name must be new, not empty and without a dot") {
  Open module;
  Variable x(ones({1}), true);
  module.register_parameter("x", x);
  for (const char* name : {"x", "", "a.b"}) {
    CHECK_THROWS_AS(module.register_parameter(name, x), ValueError);
  }
}

TEST_CASE("a parameter that was undefined when it was registered is one from when it is defined") {
  Model model;
  const size_t before = model.parameters().size();
  model.first.none = Variable(ones({2}), true);
  CHECK(model.parameters().size() == before + 1);
  CHECK(names_of(model.first) == std::vector<std::string>{"scale", "none", "inner.weight", "inner.bias"});
  CHECK(model.state_dict()[2].first == "first.none");
  model.first.none = Variable();
  CHECK(model.parameters().size() == before);
}

TEST_CASE("a parameter that was undefined may be registered again when it is defined") {
  Open module;
  Variable later;
  module.register_parameter("later", later);
  CHECK_THROWS_AS(module.register_parameter("later", later), ValueError);
  later = Variable(ones({1}), true);
  module.register_parameter("later", later);
  CHECK(module.parameters().size() == 1);
  CHECK_THROWS_AS(module.register_parameter("later", later), ValueError);
  later = Variable();
  CHECK_THROWS_AS(module.parameters(), ValueError);
}

TEST_CASE("a part is found by any of its names") {
  Model model;
  CHECK(&model.get_submodule("second.inner") == &model.second.inner);
  CHECK(&model.get_submodule("") == &model);
  CHECK(&std::as_const(model).get_submodule("tail.0") == &model.tail[0]);
  model.get_submodule("first").freeze();
  CHECK_FALSE(model.first.scale.requires_grad());
  CHECK(model.second.scale.requires_grad());
  CHECK(message_of<ValueError>([&] {
          model.get_submodule("inner");
        }).starts_with("get_submodule: there is no part 'inner'; there is:\n  first\n  first.inner\n"));
  CHECK(message_of<ValueError>([&] { model.second.dropout.get_submodule("x"); }) ==
        "get_submodule: there is no part 'x'; there is none");
  struct Shared : Module {
    Linear part{1, 1};
    Shared() {
      register_module("one", part);
      register_module("two", part);
    }
  } shared;
  CHECK(&shared.get_submodule("two") == &shared.part);
}

TEST_CASE("train and eval reach every part") {
  Model model;
  CHECK(model.first.dropout.training());
  model.eval();
  CHECK_FALSE(model.second.dropout.training());
  CHECK_FALSE(model.tail.add<Dropout>().training());
  model.train();
  CHECK(model.tail[1].training());
}

TEST_CASE("a state dict brings another model to the same values") {
  Model model;
  const StateDict state = other_values(model);
  model.load_state_dict(state);
  for (size_t i = 0; i < state.size(); ++i) {
    CHECK(same_bits(model.named_parameters()[i].second.value(), state[i].second));
    CHECK(model.state_dict()[i].first == state[i].first);
  }
}

TEST_CASE("missing, unexpected, mis-shaped and mis-typed entries are reported together and change nothing") {
  Model model;
  StateDict state = other_values(model);
  std::vector<Tensor> before;
  for (const auto& [name, value] : model.state_dict()) {
    before.push_back(clone(value));
  }
  state.erase(state.begin() + 1);
  state.emplace_back("extra", ones({4}));
  state[1].second = ones({9, 9});
  state[2].second = ones({3}, DType::float64);
  const std::string message = message_of<ValueError>([&] { model.load_state_dict(state); });
  CHECK(message ==
        "load_state_dict: the state does not fit the module:"
        "\n  missing: first.scale (2,)"
        "\n  wrong shape: first.inner.weight must be (3, 2), got (9, 9)"
        "\n  wrong dtype: first.inner.bias must be float32, got float64"
        "\n  unexpected: extra (4,)");
  for (size_t i = 0; i < before.size(); ++i) {
    CHECK(same_bits(model.state_dict()[i].second, before[i]));
  }
}

TEST_CASE("to converts all parameters, and zero_grad drops all gradients") {
  Model model;
  backward(sum(model.tail.forward(ones({2, 3}))));
  CHECK(model.parameters().back().grad().defined());
  model.zero_grad();
  CHECK_FALSE(model.parameters().back().grad().defined());
  model.to(DType::float64);
  for (const Variable& parameter : model.parameters()) {
    CHECK(parameter.dtype() == DType::float64);
    CHECK(parameter.requires_grad());
  }
  CHECK(model.tail.forward(ones({2, 3}, DType::float64)).dtype() == DType::float64);
  CHECK_THROWS_AS(model.to(DType::int64), DTypeError);
}

TEST_CASE("within a module the operation to() is found beside the module's own") {
  struct Positions : Module {
    Variable forward(const Variable& x) const { return to(x, DType::float64) + to(arange(x.size(0)), DType::float64); }
  };
  const Variable x(ones({2}), true);
  const Variable y = Positions().forward(x);
  CHECK(y.value().to_vector<double>() == std::vector<double>{1, 2});
  CHECK(y.requires_grad());
}

TEST_CASE("a const model infers") {
  const Sequential head(std::make_unique<Linear>(4, 5), std::make_unique<ReLU>(), std::make_unique<Dropout>(0.5));
  const LSTM lstm(3, 4);
  const MultiheadAttention attention(4, 2);
  const TransformerEncoder encoder(4, 2, 1);
  const Variable states = lstm.forward(ones({2, 6, 3})).output;
  CHECK(head.forward(attention.forward(states, states, states).output).shape() == Shape{2, 6, 5});
  CHECK(encoder.forward(states).shape() == states.shape());
  for (const AttentionKind kind : {AttentionKind::none, AttentionKind::additive, AttentionKind::location}) {
    const std::unique_ptr<const Seq2Seq> model =
        make_seq2seq({.source_vocabulary = 5, .target_vocabulary = 6, .attention = kind});
    CHECK(model->forward(full({2, 4}, 3, DType::int64), {}, full({2, 3}, 3, DType::int64)).logits.size(-1) == 6);
  }
}
