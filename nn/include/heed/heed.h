// What users of heed need, for examples and first steps; include single headers where compile time counts. What one
// floor exports for the next (heed/tensor/detail, heed/autograd/detail) and helpers for text are not among them.
#pragma once

#include <heed/tensor/create.h>
#include <heed/tensor/dtype.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>
#include <heed/tensor/index.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/multiply_adds.h>
#include <heed/tensor/norm.h>
#include <heed/tensor/npz.h>
#include <heed/tensor/overlap.h>
#include <heed/tensor/parallel.h>
#include <heed/tensor/print.h>
#include <heed/tensor/random.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/scalar.h>
#include <heed/tensor/scope.h>
#include <heed/tensor/shape.h>
#include <heed/tensor/simd.h>
#include <heed/tensor/softmax.h>
#include <heed/tensor/storage.h>
#include <heed/tensor/tensor.h>
#include <heed/tensor/view.h>

#include <heed/autograd/anomaly.h>
#include <heed/autograd/attention.h>
#include <heed/autograd/attention_lstm.h>
#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/gradcheck.h>
#include <heed/autograd/graph_dot.h>
#include <heed/autograd/index.h>
#include <heed/autograd/mask.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/node.h>
#include <heed/autograd/norm.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/rnn.h>
#include <heed/autograd/saved.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/variable.h>
#include <heed/autograd/view.h>

#include <heed/nn/core/activation.h>
#include <heed/nn/core/check_layer.h>
#include <heed/nn/core/checkpoint.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/embedding.h>
#include <heed/nn/core/evaluation_scope.h>
#include <heed/nn/core/init.h>
#include <heed/nn/core/layer_norm.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/module.h>
#include <heed/nn/core/module_list.h>
#include <heed/nn/core/record.h>
#include <heed/nn/core/sequential.h>
#include <heed/nn/core/summary.h>
#include <heed/nn/core/unary_module.h>

#include <heed/nn/recurrent/cell_kind.h>
#include <heed/nn/recurrent/gru.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/recurrent/min_gru.h>
#include <heed/nn/recurrent/recurrent_cell.h>
#include <heed/nn/recurrent/recurrent_layer.h>
#include <heed/nn/recurrent/rnn.h>

#include <heed/nn/attention/alibi.h>
#include <heed/nn/attention/attention.h>
#include <heed/nn/attention/attention_kind.h>
#include <heed/nn/attention/location_attention.h>
#include <heed/nn/attention/luong_attention.h>
#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/attention/relative_attention.h>
#include <heed/nn/attention/rotary.h>
#include <heed/nn/attention/score_term.h>

#include <heed/nn/transformer/position_kind.h>
#include <heed/nn/transformer/positional.h>
#include <heed/nn/transformer/sequence_positions.h>
#include <heed/nn/transformer/transformer.h>
#include <heed/nn/transformer/transformer_decoder.h>
#include <heed/nn/transformer/transformer_encoder.h>
#include <heed/nn/transformer/transformer_layer.h>
#include <heed/nn/transformer/transformer_options.h>

#include <heed/nn/core/config_problem.h>
#include <heed/nn/seq2seq/attending_decoder.h>
#include <heed/nn/seq2seq/bahdanau_decoder.h>
#include <heed/nn/seq2seq/beam_search.h>
#include <heed/nn/seq2seq/decoder.h>
#include <heed/nn/seq2seq/decoder_state.h>
#include <heed/nn/seq2seq/encoder.h>
#include <heed/nn/seq2seq/greedy_search.h>
#include <heed/nn/seq2seq/location_decoder.h>
#include <heed/nn/seq2seq/recurrent_decoder.h>
#include <heed/nn/seq2seq/recurrent_encoder.h>
#include <heed/nn/seq2seq/recurrent_stack_options.h>
#include <heed/nn/seq2seq/seq2seq.h>
#include <heed/nn/seq2seq/seq2seq_config.h>
#include <heed/nn/seq2seq/transformer_seq2seq.h>

#include <heed/nn/optim/adagrad.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/optim/clip.h>
#include <heed/nn/optim/lr_schedule.h>
#include <heed/nn/optim/optimizer.h>
#include <heed/nn/optim/reduce_lr_on_plateau.h>
#include <heed/nn/optim/rmsprop.h>
#include <heed/nn/optim/sgd.h>

#include <heed/nn/loss/classification_loss.h>
#include <heed/nn/loss/regression_loss.h>
