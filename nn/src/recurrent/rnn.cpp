// RNN: plain recurrent layers over whole sequences.
#include <heed/nn/recurrent/rnn.h>

#include <heed/tensor/scope.h>

namespace heed {
namespace {

RecurrentLayerOptions shared_options(const RNNOptions& options) {
  return {.num_layers = options.num_layers,
          .bidirectional = options.bidirectional,
          .bias = options.bias,
          .batch_first = options.batch_first,
          .dropout = options.dropout,
          .locked_dropout = options.locked_dropout,
          .recurrent_dropout = options.recurrent_dropout};
}

}  // namespace

RNN::RNN(int64_t input_size, int64_t hidden_size, const RNNOptions& options)
    : RecurrentLayer("RNN", 1, input_size, hidden_size, shared_options(options)), nonlinearity_(options.nonlinearity) {}

RNNOutput RNN::forward(const Variable& x, const RNNArguments& arguments) {
  const NameScope scope(path());
  const Result result = run(x, arguments.lengths, {arguments.h}, arguments.ids);
  return {result.output, result.states[0]};
}

RecurrentLayer::Result RNN::run_direction(const Variable& x, const std::vector<Variable>& states,
                                          const RecurrentWeights& weights, const RecurrentOptions& options) {
  const RecurrentResult result = rnn(x, states[0], weights, nonlinearity_, options);
  return {result.output, {result.h}};
}

}  // namespace heed
