// Fused operations once more, in elementary ones: what is differentiated when gradients of gradients are asked for, and
// what tests hold the fused ones against.
#pragma once

#include <heed/autograd/attention_lstm.h>
#include <heed/autograd/norm.h>
#include <heed/autograd/rnn.h>
#include <heed/autograd/softmax.h>

namespace heed {

Variable layer_norm_composite(const Variable& x, int64_t axes, const Variable& weight = Variable(),
                              const Variable& bias = Variable(), double eps = 1e-5);

/// With the eps that rms_norm_eps() gives.
Variable rms_norm_composite(const Variable& x, int64_t axes, const Variable& weight, double eps);

/// For logits (N, C) and target (N).
Variable cross_entropy_composite(const Variable& logits, const Tensor& target, const CrossEntropyOptions& options = {});

// Step after step. `gates` (of an RNN: its output), where defined, are the values of the non-linearities: gate inputs
// are differentiated through but not looked at.

RecurrentResult rnn_composite(const Variable& gate_inputs, const Variable& h0, const Variable& w_hh,
                              Nonlinearity nonlinearity = Nonlinearity::tanh, const RecurrentOptions& options = {},
                              const Tensor& gates = {});
LSTMResult lstm_composite(const Variable& gate_inputs, const Variable& h0, const Variable& c0, const Variable& w_hh,
                          const RecurrentOptions& options = {}, const Tensor& gates = {});
RecurrentResult gru_composite(const Variable& gate_inputs, const Variable& h0, const Variable& w_hh,
                              const Variable& b_hh, const RecurrentOptions& options = {}, const Tensor& gates = {});
AttentionLSTMResult attention_lstm_composite(const Variable& gate_inputs, const AttentionLSTMMemory& memory,
                                             const LSTMState& start, const AttentionLSTMWeights& weights);

}  // namespace heed
