// CellKind: what a recurrent cell is. Cells, layers, encoders and decoders are made of it, whatever the kind; a kind of
// your own is a class derived from CellDescription.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <heed/autograd/variable.h>
#include <heed/tensor/detail/rnn.h>

namespace heed {

/// The parameters of a cell, or of one layer and direction. Those that a kind does not have are undefined.
struct RecurrentWeights {
  Variable w_ih = {};                      ///< (G·H, I), of the input
  Variable w_hh = {};                      ///< (G·H, H), of the state
  Variable b_ih = {}, b_hh = {};           ///< (G·H)
  std::map<std::string, Variable> more{};  ///< by name, of a kind that has others

  /// "weight_ih", "weight_hh", "bias_ih", "bias_hh", then `more`.
  std::vector<std::pair<std::string, Variable*>> named();
};

/// The states of one cell, or of one layer and direction, each (B, H): h, and for an LSTM c.
using CellState = std::vector<Variable>;

struct CellSequence {
  Variable output;  ///< h of each step, (B, T, H) or (T, B, H) as the gate inputs are; 0 past a sequence's length
  CellState state;  ///< after each sequence's own last step

  // For Recorders, as `output` is laid out; may be left out.
  Tensor gates = {};                ///< at each step, after their non-linearities
  std::vector<Tensor> others = {};  ///< the states but the first, after each step
};

/// What a cell computes from gate_inputs = w_ih x + input_bias(), in G gates of H each, its state and its weights. One
/// object serves all cells and layers of its kind and must live as long as they.
class CellDescription {
 public:
  virtual ~CellDescription() = default;
  /// "lstm": for options and files.
  virtual const char* name() const = 0;
  /// "LSTM": for error messages of its layers, and with "Cell" of its cells.
  virtual const char* type() const = 0;
  /// G, the number of gates.
  virtual int64_t gates() const = 0;
  /// The names of its states, in order; the first is the output.
  virtual std::vector<std::string> states() const { return {"h"}; }
  /// False for a kind without w_hh and b_hh: its gates do not look at the state.
  virtual bool has_state_weights() const { return true; }
  /// Uniform within ±1/√H, drawn in the order w_ih, w_hh, b_ih, b_hh.
  virtual RecurrentWeights make_weights(int64_t input_size, int64_t hidden_size, bool bias) const;
  /// What is added to w_ih x for all steps at once: b_ih + b_hh.
  virtual Variable input_bias(const RecurrentWeights& weights) const;

  // Both may record() values of their own: those of a layer's steps come together in the order of time. A step is a
  // sequence of one, and a sequence goes step after step: one of the two must be overridden. Where neither
  // is, both throw ValueError.

  /// gate_inputs (B, G·H), states (B, H), all defined → the next states.
  virtual CellState step(Variable gate_inputs, const CellState& state, const RecurrentWeights& weights) const;
  /// gate_inputs (T, B, G·H), or (B, T, G·H) with options.batch_first; states may be left out or undefined: zero.
  virtual CellSequence sequence(Variable gate_inputs, const CellState& state, const RecurrentWeights& weights,
                                const RecurrentOptions& options) const;

 protected:
  /// A parameter, uniform within ±1/√hidden_size.
  static Variable uniform_parameter(const Shape& shape, int64_t hidden_size);
};

/// A CellDescription as a value, for options.
class CellKind {
 public:
  static const CellKind rnn, rnn_relu, lstm, gru;
  constexpr CellKind(const CellDescription& description)  // NOLINT(google-explicit-constructor)
      : description_(&description) {}
  CellKind(const CellDescription&&) = delete;  // a temporary would be gone before the layer: keep it, static say
  const CellDescription* operator->() const { return description_; }
  bool operator==(const CellKind&) const = default;
  /// True for an RNN.
  bool has_nonlinearities() const { return *this == rnn || *this == rnn_relu; }
  /// An RNN with that non-linearity; other kinds have no choice: throws ValueError, naming the type, unless it is tanh.
  CellKind with(Nonlinearity nonlinearity) const;

 private:
  const CellDescription* description_;
};

/// The kinds that programs offer by name.
const std::vector<CellKind>& cell_kinds();
/// "lstm" and the like.
inline const char* name_of(CellKind kind) { return kind->name(); }
/// Throws ValueError listing the names there are.
CellKind parse_cell_kind(std::string_view name);

}  // namespace heed
