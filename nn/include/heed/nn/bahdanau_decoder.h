// BahdanauDecoder: Bahdanau, Cho, Bengio 2015: what is attended to feeds the cell, so steps must follow one another.
#pragma once

#include <cstdint>
#include <memory>

#include <heed/nn/dropout.h>
#include <heed/nn/embedding.h>
#include <heed/nn/linear.h>
#include <heed/nn/lstm_cell.h>
#include <heed/nn/recurrent_decoder.h>

namespace heed {

namespace detail {
class CellStack;
}

/// c_i = Σ_j α_ij h_j with α from what the attention makes of s_{i-1}, the top layer's state, and the memory, whose
/// share is computed once; s_i = cell([embedding of the previous symbol; c_i], s_{i-1}); logits = Linear([s_i; c_i])
/// (appendix A.1.2, A.2.2). The state starts as RecurrentDecoder's does. Parts: `embedding`, `cell_l0` …, `bridge`,
/// `attention`, `output`.
class BahdanauDecoder : public Decoder {
 public:
  /// `attention` asks with the state: its query_size must be `hidden`. Throws ValueError for that or a null pointer,
  /// for sizes below 1 and a dropout outside 0 … 1.
  BahdanauDecoder(int64_t vocabulary, std::unique_ptr<Attention> attention,
                  const RecurrentDecoderOptions& options = {});
  ~BahdanauDecoder() override;
  DecoderState start(const Encoding& encoding) override;
  DecoderStep step(const Tensor& tokens, const DecoderState& state) override;
  DecoderOutput forward(const Tensor& target_in, const DecoderState& state) override;

 private:
  struct Advanced {
    Variable features;  // [s; c] (B, H + M)
    Variable weights;   // (B, S)
    std::vector<Variable> states;
  };
  /// One step from the embedding (B, E) of the previous symbol.
  Advanced advance(const Variable& input, const std::vector<Variable>& states, const DecoderState& fixed);
  /// forward() as one operation, which an LSTM of one layer with additive attention has.
  DecoderOutput forward_at_once(const Tensor& target_in, const DecoderState& state);

  int64_t layers_;
  Embedding embedding_;
  Dropout dropout_;
  std::unique_ptr<Attention> attention_;
  std::unique_ptr<detail::CellStack> cells_;
  std::unique_ptr<detail::StateBridge> bridge_;
  Linear output_;
  LSTMCell* lstm_ = nullptr;               // among cells_, if it is one LSTM,
  AdditiveAttention* additive_ = nullptr;  // and attention_, if it is additive
};

}  // namespace heed
