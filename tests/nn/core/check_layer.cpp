// check_layer finds each flaw that it looks for, and none in a good layer.
#include <heed/nn/core/check_layer.h>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/linear.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/index.h>

#include "support/catch.h"
#include "support/reference.h"

using namespace heed;
using namespace heed::test;

namespace {

enum class Flawed {
  nothing,
  gradient,
  unused,
  hidden_parameter,
  cached,
  noisy,
  own_generator,
  nameless,
  never_registered,
  moving_buffer,
  curved
};

/// A gate on its input: sigmoid(W x) x, with one flaw.
struct Gate : Module {
  Linear proj{3, 3};
  Variable spare{ones({2}), true}, spare64{ones({3}, DType::float64), true}, seen{zeros({1})};
  Dropout dropout{0.5};
  Generator own{1};
  Flawed flaw;
  Tensor cached;

  explicit Gate(Flawed with) : flaw(with) {
    if (flaw == Flawed::unused) {
      register_parameter("spare", spare);
    }
    if (flaw != Flawed::hidden_parameter) {
      register_module("proj", proj);
    }
    register_module("dropout", dropout);
    if (flaw == Flawed::moving_buffer) {
      register_buffer("seen", seen);
    }
  }
  Variable forward(const Variable& x) {
    const std::string elsewhere;
    const NameScope scope(flaw == Flawed::nameless ? elsewhere : path());
    Variable weight =
        flaw == Flawed::hidden_parameter ? Variable(heed::to(proj.weight().value(), x.dtype())) : proj.weight();
    if (flaw == Flawed::cached) {
      cached = cached.defined() ? cached : clone(weight.value());
      weight = weight * 0.5 + Variable(cached) * 0.5;
    }
    Variable y = dropout.forward(sigmoid(linear(x, weight)) * x);
    if (flaw != Flawed::hidden_parameter) {
      y = y + proj.bias();
    }
    if (flaw == Flawed::noisy) {
      y = y + heed::dropout(x, 0.5);
    }
    if (flaw == Flawed::own_generator && training()) {
      y = heed::dropout(y, 0.5, own);
    }
    if (flaw == Flawed::moving_buffer && training()) {
      seen.set_value(seen.value() + 1.0);
      y = y + seen;
    }
    if (flaw == Flawed::never_registered) {
      y = y * spare64;
    }
    if (flaw == Flawed::curved) {  // its gradient, not in Variable operations, is a constant for the next one
      y = make_variable("square", y.value() * y.value(), {y},
                        [y = Saved(y)](const BackwardContext& context) -> Gradients {
                          return {context.grad() * Variable(y.unpack(context).value() * 2.0)};
                        });
    }
    if (flaw == Flawed::gradient) {
      y = make_variable("triple", y.value() * 3.0, {y},
                        [](const BackwardContext& context) -> Gradients { return {context.grad() * 2.0}; });
    }
    return y;
  }
};

std::string message(Flawed flaw, bool second_order = false) {
  const auto make = [flaw] { return std::make_unique<Gate>(flaw); };
  const auto forward = [](Gate& gate, const std::vector<Variable>& x) { return std::vector{gate.forward(x[0])}; };
  return check_layer(make, forward, {random_tensor({2, 3}, 1)}, {.second_order = second_order}).message;
}

/// Means over each sequence's own steps.
struct Mean : Module {
  Variable scale{ones({3}), true};
  bool hides;
  bool divides;
  Mean(bool with_mask, bool by_length) : hides(with_mask), divides(by_length) { register_parameter("scale", scale); }
  std::vector<Variable> forward(const Variable& x, const Tensor& lengths) {
    const NameScope scope(path());
    const Tensor mask = unsqueeze(padding_mask(lengths, x.size(1)), 2);
    const Variable visible = hides ? masked_fill(x * scale, mask, 0) : x * scale;
    const Tensor count =
        divides ? unsqueeze(heed::to(lengths, x.dtype()), 1) : full({1, 1}, 1.0 * x.size(1), x.dtype());
    return {sum(visible, {1}) / Variable(count), masked_fill(visible, mask, 0)};
  }
};

std::string message_of_mean(bool hides, bool divides) {
  const Tensor lengths = tensor<int64_t>({4, 1, 3});
  const auto make = [=] { return std::make_unique<Mean>(hides, divides); };
  const auto forward = [&](Mean& mean, const std::vector<Variable>& x) { return mean.forward(x[0], lengths); };
  return check_layer(make, forward, {random_tensor({3, 4, 3}, 1)}, {.lengths = lengths}).message;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("check_layer finds nothing wrong with a good layer") {
  CHECK(message(Flawed::nothing) == "");
  CHECK(message_of_mean(true, true) == "");
}

TEST_CASE("check_layer finds a wrong gradient") { CHECK(contains(message(Flawed::gradient), "gradient of input 0")); }

TEST_CASE("check_layer names the parameter whose gradient is wrong") {
  struct Scale : Module {
    Variable weight{ones({3}), true};
    Scale() { register_parameter("weight", weight); }
    Variable forward(const Variable& x) const {
      const NameScope scope(path());
      return x * make_variable("same", weight.value(), {weight},
                               [](const BackwardContext& context) -> Gradients { return {context.grad() * 2.0}; });
    }
  };
  const CheckLayerResult result = check_layer(
      [] { return std::make_unique<Scale>(); },
      [](Scale& layer, const std::vector<Variable>& inputs) { return std::vector{layer.forward(inputs[0])}; },
      {random_tensor({2, 3}, 1)});
  CHECK(result.message.starts_with("gradient of parameter weight (3,), element 0: got "));
}

TEST_CASE("check_layer finds a wrong second derivative where they are promised") {
  CHECK(message(Flawed::nothing, true) == "");
  CHECK(message(Flawed::curved) == "");
  CHECK(contains(message(Flawed::curved, true), "second order: gradient of input 0"));
}

TEST_CASE("check_layer finds a forgotten NameScope and a trained member that was not registered") {
  CHECK(message(Flawed::nameless) == "forward opens no NameScope: begin it with `const NameScope scope(path());`");
  CHECK(contains(message(Flawed::never_registered), "a Variable that requires a gradient is used and not registered"));
}

TEST_CASE("check_layer finds a parameter that nothing depends on") {
  CHECK(message(Flawed::unused) == "parameter spare has no part in any output");
}

TEST_CASE("check_layer says what a part that was not registered comes to") {
  struct Forgetful : Module {
    Linear part{3, 3};
    Variable forward(const Variable& x) const { return part.forward(x); }
  };
  const CheckLayerResult result = check_layer(
      [] { return std::make_unique<Forgetful>(); },
      [](Forgetful& layer, const std::vector<Variable>& inputs) { return std::vector{layer.forward(inputs[0])}; },
      {random_tensor({2, 3}, 1)});
  CHECK(!result.ok);
  CHECK(result.message.find("is a part or parameter not registered?") != std::string::npos);
}

TEST_CASE("check_layer finds a parameter that was not registered") {
  CHECK(contains(message(Flawed::hidden_parameter), "another layer with the state dict"));
}

TEST_CASE("check_layer finds values computed once from old parameters") {
  CHECK(contains(message(Flawed::cached), "another layer with the state dict"));
}

TEST_CASE("check_layer finds randomness in evaluation, and such as no seed repeats") {
  CHECK(contains(message(Flawed::noisy), "evaluation mode"));
  CHECK(contains(message(Flawed::own_generator),
                 "training mode, called twice from one state of the generator: output 0"));
  CHECK(contains(message(Flawed::moving_buffer), "the generator, with buffers as the first call left them: output 0"));
}

TEST_CASE("check_layer finds padding that is looked at") {
  CHECK(contains(message_of_mean(false, true), "past the lengths"));
  CHECK(contains(message_of_mean(true, false), "three more steps"));
}
