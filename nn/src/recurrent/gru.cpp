// GRU: layers of gated recurrent units over whole sequences.
#include <heed/nn/recurrent/gru.h>

#include <heed/tensor/scope.h>

namespace heed {

GRU::GRU(int64_t input_size, int64_t hidden_size, const GRUOptions& options)
    : RecurrentLayer("GRU", 3, input_size, hidden_size, options) {}

GRUOutput GRU::forward(const Variable& x, const GRUArguments& arguments) {
  const NameScope scope(path());
  const Result result = run(x, arguments.lengths, {arguments.h}, arguments.ids);
  return {result.output, result.states[0]};
}

RecurrentLayer::Result GRU::run_direction(const Variable& x, const std::vector<Variable>& states,
                                          const RecurrentWeights& weights, const RecurrentOptions& options) {
  const RecurrentResult result = gru(x, states[0], weights, options);
  return {result.output, {result.h}};
}

}  // namespace heed
