// Whole training runs: a chain of layers, a loss, an optimiser and clipping, compared at every step.
#include "conformance/training_run.h"

#include <heed/autograd/backward.h>
#include <heed/autograd/view.h>
#include <heed/nn/optim/clip.h>
#include <heed/tensor/create.h>

#include "conformance/function.h"
#include "conformance/optimizers.h"

namespace heed::conformance {
namespace {

/// Layers one after the other, named "0", "1", … of each the output `y` goes on.
class Chain : public Module {
 public:
  explicit Chain(const nlohmann::json& specification) {
    for (const nlohmann::json& entry : specification) {
      layers_.push_back(make_layer(entry.at("name"), entry.at("args")));
      register_module(std::to_string(layers_.size() - 1), *layers_.back().module);
    }
  }
  Variable forward(Variable x) {
    for (const Layer& layer : layers_) {
      Inputs inputs({{"x", x}});
      x = layer.forward(inputs).front().second;
      inputs.finish();
    }
    return x;
  }

 private:
  std::vector<Layer> layers_;
};

/// The mean over all positions: logits (B, T, V), target (B, T).
Variable loss_of(const Case& given, const Variable& logits, const Tensor& target) {
  const std::string name = given.description().at("loss");
  const Function& loss = look_up(losses(), name, "loss");
  Arguments arguments("loss", nlohmann::json::object());
  Inputs inputs({{"x", flatten(logits, 0, 1)}, {"target", Variable(flatten(target))}});
  return loss(inputs, arguments).front().second;
}

}  // namespace

Failures replay_training(const Case& given) {
  const nlohmann::json& description = given.description();
  Arguments("training", description.value("args", nlohmann::json::object())).finish();
  Chain chain(description.at("layers"));
  chain.to(given.dtype());
  StateDict state;
  for (const std::string& name : given.members("param.")) {
    state.emplace_back(name, given.tensor("param." + name));
  }
  chain.load_state_dict(state);
  const auto optimizer = make_optimizer(description.at("optim").at("name"), description.at("optim").at("args"), chain);

  std::vector<double> losses;
  for (int64_t step = 0; step < description.at("steps").get<int64_t>(); ++step) {
    const std::string suffix = std::to_string(step);
    optimizer->zero_grad();
    const Variable loss =
        loss_of(given, chain.forward(given.tensor("in.x." + suffix)), given.tensor("in.target." + suffix));
    backward(loss);
    clip_grad_norm(chain.parameters(), description.at("clip_grad_norm"));
    optimizer->step();
    losses.push_back(loss.item());
  }
  Failures failures;
  given.compare("out.loss", from_vector(losses, {static_cast<int64_t>(losses.size())}), failures);
  const auto expected = given.members("out.param.");
  check(expected.size() == state.size(), "case", "has ", expected.size(), " parameters at the end, of ", state.size());
  for (const auto& [name, parameter] : chain.named_parameters()) {
    given.compare("out.param." + name, parameter.value(), failures);
  }
  return failures;
}

}  // namespace heed::conformance
