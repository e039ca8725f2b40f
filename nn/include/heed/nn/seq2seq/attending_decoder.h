// AttendingDecoder: what decoders share in which what is attended to feeds the cell, so that steps follow one another.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <heed/nn/core/dropout.h>
#include <heed/nn/core/embedding.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/recurrent/recurrent_cell.h>
#include <heed/nn/seq2seq/recurrent_decoder.h>

namespace heed {

/// s_i = cell([embedding of the previous symbol; c_i], s_{i-1}) with c_i from what a derived class attends to;
/// logits = Linear([s_i; c_i]) (Bahdanau, Cho, Bengio 2015, appendix A.2.2). Parts: `embedding`, `cell_l0` …, `bridge`,
/// `attention`, `output`.
class AttendingDecoder : public Decoder {
 public:
  struct State {
    std::vector<CellState> cells;  ///< of each layer, (B, H)
    DecoderState attention;        ///< what prepare() gave, or the last attend()
    void list(StateMembers& members);
  };

  ~AttendingDecoder() override;
  DecoderState start(const Encoding& encoding) const override;
  DecoderStep step(const Tensor& tokens, const DecoderState& state) const override;
  DecoderOutput forward(const Tensor& target_in, const DecoderState& state) const override;

 protected:
  /// What an attention gives for one step.
  struct Seen {
    Variable context;    ///< (B, M)
    Variable weights;    ///< (B, S)
    DecoderState state;  ///< for the next step
  };

  /// The attention, which the derived class keeps.
  struct Part {
    Module* module = nullptr;
    int64_t query_size = 0, memory_size = 0;
  };
  template <class Layer>
  static Part part_of(const std::unique_ptr<Layer>& layer) {
    return layer == nullptr ? Part{} : Part{layer.get(), layer->query_size(), layer->memory_size()};
  }

  /// `kind` is the derived class's name. Throws ValueError as RecurrentDecoder, for a null pointer, and for
  /// locked_dropout and recurrent_dropout, which are for layers that run over whole sequences.
  AttendingDecoder(const char* kind, int64_t vocabulary, const Part& attention, const RecurrentDecoderOptions& options);
  /// The attention's state before the first step.
  virtual DecoderState prepare(const Encoding& encoding) const = 0;
  /// query: the top layer's state (B, H); state: what prepare() or the step before gave.
  virtual Seen attend(const Variable& query, const DecoderState& state) const = 0;

  Embedding embedding_;
  Dropout dropout_;
  std::vector<std::unique_ptr<RecurrentCell>> cells_;
  std::unique_ptr<detail::StateBridge> bridge_;
  Linear output_;

 private:
  struct Advanced {
    Variable features;  // [s; c] (B, H + M)
    Variable weights;   // (B, S)
    State state;
  };
  /// One step from the embedding (B, E) of the previous symbol.
  Advanced advance(const Variable& input, const State& state) const;
};

}  // namespace heed
