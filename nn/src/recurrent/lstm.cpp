// LSTM: layers of long short-term memory over whole sequences.
#include <heed/nn/recurrent/lstm.h>

#include <heed/tensor/scope.h>

namespace heed {

LSTM::LSTM(int64_t input_size, int64_t hidden_size, const LSTMOptions& options)
    : RecurrentLayer("LSTM", 4, input_size, hidden_size, options) {}

LSTMOutput LSTM::forward(const Variable& x, const LSTMArguments& arguments) {
  const NameScope scope(path());
  const Result result = run(x, arguments.lengths, {arguments.h, arguments.c}, arguments.ids);
  return {result.output, result.states[0], result.states[1]};
}

RecurrentLayer::Result LSTM::run_direction(const Variable& x, const std::vector<Variable>& states,
                                           const RecurrentWeights& weights, const RecurrentOptions& options) {
  const LSTMResult result = lstm(x, states[0], states[1], weights, options);
  return {result.output, {result.h, result.c}};
}

}  // namespace heed
