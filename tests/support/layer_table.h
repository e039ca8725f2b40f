// The layer table: one row per layer, or per way to use it. What each row buys is in tests/contracts and in
// tests/nn/layer_table.cpp; the rows are in tests/support/layer_table_FAMILY.cpp.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <heed/nn/core/module.h>

namespace heed::test {

/// How many sequences, and how long the longest target and source are.
struct LayerSizes {
  int64_t batch = 1, targets = 1, sources = 1;
};

/// True lengths, int64 (B), of targets and sources; undefined: all of the whole length.
struct LayerLengths {
  Tensor targets, sources;
};

/// Features that a layer is made with.
struct LayerWidths {
  int64_t input = 13, hidden = 17, heads = 2;
};

/// An input or an output. `axes` has a letter for each: B batch, T target steps, S source steps, H heads, L the layers
/// of a recurrence, F features.
struct Port {
  std::string axes;
  int64_t features = 0;
  int64_t count = 0;       ///< of the axis H or L
  int64_t vocabulary = 0;  ///< above 0: int64, ids below this
  bool zero_where_nothing_is_seen =
      false;  ///< an output, or an input's gradient, of a sequence with all sources hidden

  Shape shape(const LayerSizes& sizes) const;
};

using Variables = std::vector<Variable>;

/// A layer made with some widths.
struct LayerUse {
  std::function<std::unique_ptr<Module>()> make;
  std::vector<Port> inputs, outputs;
  std::function<Variables(Module&, const Variables&, const LayerLengths&)> forward;
};

struct LayerRow {
  std::string name;  ///< the class or function; what is special about the row follows after a comma
  std::function<LayerUse(const LayerWidths&)> use;
  std::string_view hides = "";  ///< the axes, T or S, of which it is told the lengths
  bool of_sequences = true;     ///< each sequence of a batch has a result of its own
  int64_t least_steps = 0;      ///< what it needs of targets and sources
  bool even_features = false;   ///< widths must be even
};

/// A LayerUse from functions that know the layer's type.
template <class Layer, class Forward>
LayerUse use_of(std::function<std::unique_ptr<Layer>()> make, std::vector<Port> inputs, std::vector<Port> outputs,
                Forward forward) {
  return {std::move(make), std::move(inputs), std::move(outputs),
          [forward](Module& module, const Variables& x, const LayerLengths& lengths) {
            return forward(dynamic_cast<Layer&>(module), x, lengths);
          }};
}

/// What a row for a function has in place of a layer.
class NoLayer : public Module {
 public:
  NoLayer() = default;
};

/// All rows.
const std::vector<LayerRow>& layer_rows();

std::vector<LayerRow> basic_layer_rows();
std::vector<LayerRow> loss_rows();
std::vector<LayerRow> recurrent_layer_rows();
std::vector<LayerRow> attention_layer_rows();
std::vector<LayerRow> transformer_layer_rows();
std::vector<LayerRow> seq2seq_layer_rows();

/// The value of an input or output: random, with ids where the port has a vocabulary.
Tensor random_value(const Port& port, const LayerSizes& sizes, uint32_t seed, DType dtype);
/// Random inputs of the row's layer: leaves where they are floating.
Variables random_inputs(const LayerUse& use, const LayerSizes& sizes, uint32_t seed, DType dtype);
/// Random lengths, from 1 to all, the first of them all.
LayerLengths random_lengths(const LayerSizes& sizes, uint32_t seed);
/// A layer with random parameters, in evaluation mode.
std::unique_ptr<Module> made(const LayerUse& use, uint32_t seed, DType dtype);

/// What one call of a layer gives; a gradient that is not there is zeros.
struct LayerResult {
  std::vector<Tensor> outputs, input_gradients, parameter_gradients;
};
/// Forward, and backward of `cotangents`, one an output.
LayerResult run(const LayerUse& use, Module& layer, const Variables& inputs, const LayerLengths& lengths,
                const std::vector<Tensor>& cotangents);
/// Random gradients for the outputs, zero past the lengths of targets and sources.
std::vector<Tensor> random_cotangents(const LayerUse& use, const LayerSizes& sizes, uint32_t seed, DType dtype,
                                      const LayerLengths& lengths = {});

/// What sequence `number` alone, of its own lengths, has of a value of the whole batch.
Tensor of_one(const Tensor& whole, const Port& port, int64_t number, const LayerLengths& lengths);
/// bool, of the port's shape: true past the lengths of the axes that `hides` names.
Tensor hidden_places(const Port& port, const LayerSizes& sizes, std::string_view hides, const LayerLengths& lengths);

}  // namespace heed::test
