// Positions added to the inputs: fixed sinusoids, or learned vectors. Positions inside the attention: rotary.h, alibi.h
// and relative_attention.h.
#pragma once

#include <cstdint>

#include <heed/nn/core/unary_module.h>

namespace heed {

/// (steps, features): PE(pos, 2i) = sin(pos / 10000^(2i / features)), PE(pos, 2i+1) = cos of the same, for pos from
/// `offset` on: Vaswani et al. 2017, section 3.5. Throws ValueError for a negative size, DTypeError.
Tensor sinusoidal_positions(int64_t steps, int64_t features, int64_t offset = 0, DType dtype = DType::float32);

struct PositionalOptions {
  bool batch_first = true;  ///< (B, T, E); else (T, B, E)
};

/// x + PE, PE of sinusoidal_positions(); the paper scales x by √E before and drops elements of the sum.
class SinusoidalPositionalEncoding : public UnaryModule {
 public:
  /// Throws ValueError for a negative size.
  SinusoidalPositionalEncoding(int64_t max_length, int64_t features, const PositionalOptions& options = {});
  /// x (B, T, E), its first step at position `offset`, → as x. Throws ShapeError; IndexError beyond max_length.
  Variable forward(const Variable& x, int64_t offset) const;
  Variable forward(const Variable& x) const override { return forward(x, 0); }

 private:
  PositionalOptions options_;
  Tensor table_;
};

/// x + weight[pos]: a parameter `weight` (max_length, E), normal(0, 1) at first as PyTorch's torch.nn.Embedding
/// (Gehring et al. 2017, section 3.1).
class LearnedPositionalEncoding : public UnaryModule {
 public:
  /// Throws ValueError for a negative size.
  LearnedPositionalEncoding(int64_t max_length, int64_t features, const PositionalOptions& options = {});
  /// x (B, T, E), its first step at position `offset`, → as x. Throws ShapeError; IndexError beyond max_length.
  Variable forward(const Variable& x, int64_t offset) const;
  Variable forward(const Variable& x) const override { return forward(x, 0); }

  Variable& weight() { return weight_; }

 private:
  PositionalOptions options_;
  Variable weight_;
};

}  // namespace heed
