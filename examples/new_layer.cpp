// A custom layer with a custom operation, and checks of their gradients.
// The operation: softsign(x) = x / (1 + |x|). The layer: Highway (Srivastava, Greff, Schmidhuber 2015), which learns
// through a gate how much of its input to transform and how much to let pass.
#include <heed/heed.h>

#include <iostream>

#include "program.h"

namespace {

using namespace heed;

// An operation is a value and its gradient, which is written in operations that exist already. Because the gradient is
// made of Variables, it can be differentiated again. Values for backward are captured as Saved, which notices if a
// value has been overwritten.
Variable softsign(const Variable& x) {
  const Tensor value = x.value() / (abs(x.value()) + 1.0);
  return make_variable("softsign", value, {x}, [x = Saved(x)](const BackwardContext& context) -> Gradients {
    const Variable input = x.unpack(context);
    return {context.grad() / pow(abs(input) + 1.0, 2.0)};  // d/dx x/(1+|x|) = 1/(1+|x|)²
  });
}

// A layer keeps its parts as plain members and registers them under the names that its weights are saved by.
class Highway : public UnaryModule {
 public:
  explicit Highway(int64_t size) : transform_(size, size), gate_(size, size) {
    register_module("transform", transform_);
    register_module("gate", gate_);
    constant_(gate_.bias(), -1);  // lets its input pass at first (section 2 of the paper)
  }

  // y = g ⊙ softsign(W x + b) + (1 - g) ⊙ x
  Variable forward(const Variable& x) const override {
    const NameScope scope(path());  // errors inside start with this module's name
    const Variable gate = sigmoid(gate_.forward(x));
    return gate * softsign(transform_.forward(x)) + (1.0 - gate) * x;
  }

 private:
  Linear transform_, gate_;
};

bool report(const char* what, const GradcheckResult& result) {
  std::cout << what << ": " << (result ? "ok" : result.message) << '\n';
  return result.ok;
}

/// The operation alone: first and second derivatives against finite differences.
bool check_operation() {
  const Variable x(randn({4, 5}, DType::float64), true);
  const VariableFunction operation = [](const std::vector<Variable>& inputs) {
    return std::vector<Variable>{softsign(inputs[0])};
  };
  const bool first = report("softsign, first derivatives", gradcheck(operation, {x}));
  const bool second = report("softsign, second derivatives", gradgradcheck(operation, {x}));
  return first && second;
}

/// The layer in a model, trained: softsign of a shuffled input is what a Highway layer can learn exactly.
void train_layer() {
  Sequential model;
  model.add<Highway>(5);
  model.add<Highway>(5);
  std::cout << summary(model);
  Adam optimizer(model, {.lr = 0.01});
  const Tensor input = randn({256, 5});
  const Tensor target = flip(input, {1}) * 0.25;
  for (int step = 0; step <= 600; ++step) {
    optimizer.zero_grad();
    const Variable loss = mse_loss(model.forward(input), target);
    backward(loss);
    optimizer.step();
    if (step % 200 == 0) {
      std::cout << "step " << step << "  loss " << loss.item() << '\n';
    }
  }
}

int show_layer() {
  seed_default_generator(1);
  const bool ok = check_operation();
  train_layer();
  return ok ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::run_program(argc, argv, "new_layer",
                               "A custom layer: its gradients are checked, then it is trained.", show_layer);
}
