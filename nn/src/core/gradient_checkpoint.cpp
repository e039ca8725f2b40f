// gradient_checkpoint: what of the thread's state the second call must find as the first one did.
#include <heed/nn/core/gradient_checkpoint.h>

#include <optional>
#include <string>
#include <utility>

#include <heed/autograd/detail/replay.h>
#include <heed/autograd/grad_mode.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "core/hooks.h"

namespace heed {
namespace {

constexpr const char* kName = "gradient_checkpoint";

/// Sets generators back to where they were before the function drew, and forward again when it has drawn.
class Redraw {
 public:
  Redraw(const std::vector<Generator*>& generators, const std::vector<GeneratorState>& states)
      : generators_(generators) {
    for (size_t i = 0; i < generators.size(); ++i) {
      now_.push_back(generators[i]->state());
      generators[i]->set_state(states[i]);
    }
  }
  ~Redraw() {
    for (size_t i = 0; i < generators_.size(); ++i) {
      generators_[i]->set_state(now_[i]);
    }
  }
  Redraw(const Redraw&) = delete;
  Redraw& operator=(const Redraw&) = delete;

 private:
  const std::vector<Generator*>& generators_;
  std::vector<GeneratorState> now_;
};

/// The function once more, as it was called the first time.
struct Again {
  VariableFunction function;
  std::vector<Variable> inputs;
  std::vector<Generator*> others;
  std::vector<GeneratorState> states;
  std::string scope;
  bool evaluated;

  std::vector<Variable> operator()() const {
    check<GraphError>(evaluated || !EvaluationScope::active(), kName,
                      "backward is in an EvaluationScope, in which the forward was not");
    const NameScope named(scope);
    const detail::RecordPause recorded;  // the first time
    std::optional<EvaluationScope> evaluation;
    if (evaluated) {
      evaluation.emplace();
    }
    std::vector<Generator*> generators = others;
    generators.push_back(&default_generator());
    const Redraw redraw(generators, states);
    return function(inputs);
  }
};

}  // namespace

std::vector<Variable> gradient_checkpoint(const VariableFunction& function, const std::vector<Variable>& inputs,
                                          const GradientCheckpointOptions& options) {
  check(function != nullptr, kName, "the function is empty");
  if (!grad_enabled()) {
    return function(inputs);
  }
  Again again{function, inputs, options.generators, {}, NameScope::current(), EvaluationScope::active()};
  for (const Generator* generator : options.generators) {
    check(generator != nullptr, kName, "a generator is null");
    again.states.push_back(generator->state());
  }
  again.states.push_back(default_generator().state());
  const uint64_t first = detail::next_node_number();
  return detail::replayed(kName, function(inputs), first, inputs, std::move(again));
}

Variable gradient_checkpoint(const UnaryModule& module, const Variable& x, const GradientCheckpointOptions& options) {
  return gradient_checkpoint(
      [&module](const std::vector<Variable>& inputs) { return std::vector{module.forward(inputs[0])}; }, {x},
      options)[0];
}

}  // namespace heed
