// One time step of the point-wise part of recurrent layers, forward and backward, fused with its non-linearities. The
// matrix products around it are the caller's. Gate orders and formulas are PyTorch's (torch.nn.LSTM, GRU, RNN).
#pragma once

#include <cstdint>

#include "kernels/float_kernels.h"

namespace heed::kernels {

// A (rows, columns) block with unit column stride, one row per sequence of the batch.
template <class T>
struct Rows {
  T* data = nullptr;
  int64_t stride = 0;
  T* at(int64_t row) const { return data == nullptr ? nullptr : data + row * stride; }
};

// Which rows take part: row b is active when lengths is nullptr or t < lengths[b]. An inactive row carries its state
// through, outputs zero, and sends its gradient through. A row range is a step whose pointers start at its first row.
struct StepRange {
  int64_t rows = 0;    // B
  int64_t hidden = 0;  // H
  const int64_t* lengths = nullptr;
  int64_t t = 0;
};

// LSTM. gates (B, 4H) holds the pre-activations of i, f, g, o and receives their activations.
//   c = f c_prev + i g,  h = o tanh(c)
// An inactive row: c = c_prev, h = h_prev, output 0, gates and tanh_c 0. c may be c_prev and h may be h_prev.
template <class T>
struct LSTMForward {
  StepRange range{};
  Rows<T> gates{};
  Rows<const T> c_prev{}, h_prev{};
  Rows<T> c{}, tanh_c{}, h{};
  Rows<T> output{};
};

// dh holds the gradient of h from later steps, d_output (or nullptr) that of the output; dc that of c from later steps.
// Writes d_gates (B, 4H), the gradient of the pre-activations; dc becomes that of c_prev. dh becomes what reaches
// h_prev beside the matrix product: 0 for active rows, itself for inactive ones; the caller adds d_gates W_hh to it.
// d_gates may be gates.
template <class T>
struct LSTMBackward {
  StepRange range{};
  Rows<const T> gates{}, c_prev{}, tanh_c{};
  Rows<const T> d_output{};
  Rows<T> dh{}, dc{}, d_gates{};
};

// GRU. gates (B, 3H) holds W_i x + b_i for r, z, n and receives their activations; recurrent (B, 3H) holds W_h h_prev
// and is given recurrent_bias (3H, or nullptr) in place, so that its last third is what r multiplies and backward
// needs.
//   r = sigmoid(.), z = sigmoid(.), n = tanh(gates_n + r recurrent_n),  h = (h_prev - n) z + n
// Every operation here is rounded as PyTorch rounds it, with no fused multiply-add: docs/numerics.md has the reason.
template <class T>
struct GRUForward {
  StepRange range{};
  Rows<T> gates{};
  Rows<T> recurrent{};
  const T* recurrent_bias = nullptr;
  Rows<const T> h_prev{};
  Rows<T> h{}, output{};
};

// The gradient of h is (dh + d_output) + d_product, a nullptr left out: what the later step gave beside the matrix
// product, the output's, and the later step's product. Writes d_gates (gradient of W_i x + b_i) and d_recurrent (of
// W_h h_prev + b_h), both (B, 3H). dh becomes what reaches h_prev beside the matrix product (z times the gradient of h
// for active rows, all of it for others); d_recurrent W_hh is the earlier step's d_product. recurrent may be
// d_recurrent, gates may be d_gates.
template <class T>
struct GRUBackward {
  StepRange range{};
  Rows<const T> gates{}, recurrent{}, h_prev{};
  Rows<const T> d_output{}, d_product{};
  Rows<T> dh{}, d_gates{}, d_recurrent{};
};

// RNN: h = tanh(gates) or relu(gates), gates (B, H). h may be gates.
template <class T>
struct RNNForward {
  StepRange range{};
  Rows<const T> gates{};
  Rows<const T> h_prev{};
  Rows<T> h{}, output{};
};

template <class T>
struct RNNBackward {
  StepRange range{};
  Rows<const T> h{};  // this step's output state
  Rows<const T> d_output{};
  Rows<T> dh{}, d_gates{};
};

template <class T>
struct RNNKernels {
  void (*lstm)(const LSTMForward<T>& step);
  void (*lstm_backward)(const LSTMBackward<T>& step);
  void (*gru)(const GRUForward<T>& step);
  void (*gru_backward)(const GRUBackward<T>& step);
  void (*rnn_tanh)(const RNNForward<T>& step);
  void (*rnn_tanh_backward)(const RNNBackward<T>& step);
  void (*rnn_relu)(const RNNForward<T>& step);
  void (*rnn_relu_backward)(const RNNBackward<T>& step);
};

// The kernels of the target in force.
const FloatKernels<RNNKernels>& rnn();

}  // namespace heed::kernels
