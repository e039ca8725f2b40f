// RecurrentDecoder: a recurrent layer whose output, joined with what it attends to, makes the logits; all steps at
// once.
#pragma once

#include <cstdint>
#include <memory>

#include <heed/nn/attention/attention.h>
#include <heed/nn/core/dropout.h>
#include <heed/nn/core/embedding.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/seq2seq/decoder.h>
#include <heed/nn/seq2seq/recurrent_stack_options.h>

namespace heed {

namespace detail {
class StateBridge;
}  // namespace detail

struct RecurrentDecoderOptions {
  RecurrentStackOptions stack = {};  ///< whose dropout acts before the output, too
  int64_t state_size = 128;          ///< width of each of the encoder's final states
};

/// s = RNN(embedding of the previous symbol, s); with attention s̃ = tanh(W [context; s]) (Luong, Pham, Manning 2015,
/// equation 5), without it s̃ = s, the fixed-length vector; logits = Linear(s̃). The state starts as the encoder's where
/// widths agree, else as tanh(Linear(that)), each state with a Linear of its own. Parts: `embedding`, `rnn`, `bridge`,
/// `attention`, `combine`, `output`.
class RecurrentDecoder : public Decoder {
 public:
  /// `attention`, which may be null, asks with the state: its query_size must be `hidden`. Throws ValueError for that,
  /// for sizes below 1, a dropout outside 0 … 1, and layers that are bidirectional or not batch_first.
  RecurrentDecoder(int64_t vocabulary, std::unique_ptr<Attention> attention,
                   const RecurrentDecoderOptions& options = {});
  ~RecurrentDecoder() override;
  struct State {
    std::vector<CellState> cells;  ///< of each layer, (B, H)
    AttentionMemory memory;        ///< undefined without attention
    void list(StateMembers& members);
  };

  DecoderState start(const Encoding& encoding) const override;
  DecoderStep step(const Tensor& tokens, const DecoderState& state) const override;
  DecoderOutput forward(const Tensor& target_in, const DecoderState& state) const override;

 private:
  DecoderStep run(const Tensor& tokens, const DecoderState& state) const;

  Embedding embedding_;
  Dropout dropout_;
  RecurrentLayer layers_;
  std::unique_ptr<detail::StateBridge> bridge_;
  std::unique_ptr<Attention> attention_;  // null for the fixed-length vector
  std::unique_ptr<Linear> combine_;       // likewise
  Linear output_;
};

}  // namespace heed
