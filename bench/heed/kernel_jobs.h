// Single kernels: matrix products, functions of elements, one LSTM layer, attention.
#pragma once

#include <memory>

#include "worker/job.h"

namespace heed::bench {

/// `product float32 NT m k n`: C (m, n) = A (m, k) B (k, n), N or T saying whether an operand lies transposed.
std::unique_ptr<Job> make_product(const Words& words);
/// `function tanh N`: of N float32 values; exp, tanh, sigmoid.
std::unique_ptr<Job> make_function(const Words& words);
/// `lstm T B H`: a layer with inputs of size H, forward and backward, all gradients.
std::unique_ptr<Job> make_lstm(const Words& words);
/// `attention L backward`: scaled dot-product attention, batch 1, 8 heads of 64, and its gradients; or `forward` alone.
std::unique_ptr<Job> make_attention(const Words& words);

}  // namespace heed::bench
