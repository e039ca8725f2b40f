// Recorder: attention weights, gates, states and outputs of any model, by name, without an edit of a forward.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <heed/nn/core/module.h>

namespace heed {

struct RecorderOptions {
  /// What to keep: patterns of names in which * stands for any text, as "*.weights" or "encoder.layers.0.*".
  std::vector<std::string> names = {"*"};
  /// Keep values as they stand in the graph, so that gradients can be taken with respect to them. Models then compute
  /// step by step what is kept and would be inside of a fused operation: equal to rounding, slower.
  bool keep_graph = false;
};

/// While it lives, it keeps what `model` computes on this thread, in training and evaluation:
///
///   Recorder recorder(model, {.names = {"*.weights"}});
///   model.forward(source, lengths, target);
///   const Tensor weights = recorder["decoder.layers.0.multihead_attn.weights"];  // (B, heads, T, S)
///
/// A name is the path of a module below `model` and what it records: "output" of every layer; "weights" and "scores" of
/// attentions, "weights" of MultiheadAttention for each head, (B, heads, T, S), after dropout; of recurrent layers
/// "l0.h", "l1_reverse.c" and so on, their states after each step, and "l0.gates" after their non-linearities (i, f, g,
/// o of an LSTM; r, z, n of a GRU; z and the candidate of a MinGRU); "h", "c" and "gates" of cells; and whatever a
/// layer of your own record()s (record.h). What is computed stays the same to the bit (unless the graph is kept);
/// weights that attention in tiles does not have are computed beside it. Values share memory with the model's. With
/// keep_graph these still have none: gates and states of recurrent layers, what a cell of your own records in a layer,
/// and what is within gradient_checkpoint() or run_in_segments().
class Recorder {
 public:
  /// Throws ValueError for an empty list of names. Parts that are registered later are not seen.
  explicit Recorder(const Module& model, RecorderOptions options = {});
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// In the order in which they first came.
  std::vector<std::string> names() const;
  bool contains(const std::string& name) const;
  /// What came under that name since the beginning or clear(): of one call as it was; those of several calls, which
  /// must be steps, one after the other: (B, F) becomes (B, T, F), (…, 1, F) is joined along the axis before the last,
  /// where a last axis that grows (attention to a cache) is filled up with zeros. Throws ValueError, with the names
  /// there are, for another name, ShapeError for calls that are no steps, such as two forwards over whole sequences.
  Tensor operator[](const std::string& name) const;
  /// The same, call by call. Throws ValueError likewise.
  const std::vector<Variable>& calls(const std::string& name) const;
  /// Of greedy or beam search: the values of one hypothesis, rows[t] of call t, joined as steps without the axis of the
  /// batch: (heads, T, S). Throws ValueError likewise, and where there are fewer calls than rows.
  Tensor along(const std::string& name, const std::vector<int64_t>& rows) const;
  /// Forgets what it has, to begin anew: before the next forward.
  void clear();

 private:
  struct Kept;
  std::shared_ptr<Kept> kept_;
  std::vector<ScopedHook> hooks_;
};

}  // namespace heed
