// SequenceLayer: see sequence_layer.h.
#include "transformer/sequence_layer.h"

#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/tensor/index.h>
#include <heed/tensor/scope.h>

namespace heed::detail {
SequenceLayer::SequenceLayer(const SequenceLayerOptions& options)
    : options_(options),
      self_in_(options.size, 3 * options.size),
      self_out_(options.size, options.size),
      linear1_(options.size, options.feedforward),
      linear2_(options.feedforward, options.size),
      norm_self_({options.size}),
      norm_feedforward_({options.size}),
      dropout_(options.dropout) {
  register_module("self_in", self_in_);
  register_module("self_out", self_out_);
  if (options.relative_distance > 0) {
    relative_ = std::make_unique<RelativeAttention>(options.size / options.heads, options.relative_distance);
    register_module("relative", *relative_);
  }
  if (options.reads_memory) {
    memory_query_ = std::make_unique<Linear>(options.size, options.size);
    memory_in_ = std::make_unique<Linear>(options.size, 2 * options.size);
    memory_out_ = std::make_unique<Linear>(options.size, options.size);
    norm_memory_ = std::make_unique<LayerNorm>(Shape{options.size});
    register_module("memory_query", *memory_query_);
    register_module("memory_in", *memory_in_);
    register_module("memory_out", *memory_out_);
    register_module("norm_memory", *norm_memory_);
  }
  register_module("linear1", linear1_);
  register_module("linear2", linear2_);
  register_module("norm_self", norm_self_);
  register_module("norm_feedforward", norm_feedforward_);
  register_module("dropout", dropout_);
}

/// (B, T, E) → (B, heads, T, D).
Variable SequenceLayer::heads(const Variable& x) const {
  return transpose(reshape(x, {x.size(0), x.size(1), options_.heads, options_.size / options_.heads}), 1, 2);
}

/// The converse.
Variable SequenceLayer::joined(const Variable& x) const {
  return reshape(transpose(x, 1, 2), {x.size(0), x.size(2), options_.size});
}

Variable SequenceLayer::feed_forward(const Variable& x) {
  const Variable inner = relu(linear1_.forward(norm_feedforward_.forward(x)));
  return x + dropout_.forward(linear2_.forward(dropout_.forward(inner)));
}

Variable SequenceLayer::read(const Variable& x, const Tensor& mask) {
  const NameScope scope(path());
  const Mask hidden = Mask::padding(mask);
  const std::vector<Variable> parts = split(self_in_.forward(norm_self_.forward(x)), options_.size, -1);
  const Variable query = heads(parts[0]), key = heads(parts[1]), value = heads(parts[2]);
  const AttentionResult seen = relative_
                                   ? relative_->forward(query, key, value, hidden)
                                   : scaled_dot_product_attention(query, key, value, hidden, {.need_weights = false});
  return feed_forward(x + dropout_.forward(self_out_.forward(joined(seen.output))));
}

KeysAndValues SequenceLayer::prepare(const Variable& memory) {
  const NameScope scope(path());
  const std::vector<Variable> parts = split(memory_in_->forward(memory), options_.size, -1);
  return {heads(parts[0]), heads(parts[1])};
}

SequenceLayer::Written SequenceLayer::write(const Variable& x, const KeysAndValues& past, const KeysAndValues& memory,
                                            const Tensor& mask) {
  const NameScope scope(path());
  const std::vector<Variable> parts = split(self_in_.forward(norm_self_.forward(x)), options_.size, -1);
  const Variable query = heads(parts[0]), key = heads(parts[1]), value = heads(parts[2]);
  const bool first = !past.keys.defined();
  const KeysAndValues so_far = {first ? key : cat({past.keys, key}, 2), first ? value : cat({past.values, value}, 2)};
  const int64_t steps = x.size(1), before = first ? 0 : past.keys.size(2);
  const Mask future = steps > 1 ? Mask::causal(before) : Mask();
  const AttentionResult own =
      relative_ ? relative_->forward(query, so_far.keys, so_far.values, future, before)
                : scaled_dot_product_attention(query, so_far.keys, so_far.values, future, {.need_weights = false});
  const Variable y = x + dropout_.forward(self_out_.forward(joined(own.output)));
  const Mask hidden = Mask::padding(mask);
  const Variable question = heads(memory_query_->forward(norm_memory_->forward(y)));
  const AttentionResult seen = scaled_dot_product_attention(question, memory.keys, memory.values, hidden);
  const Variable z = y + dropout_.forward(memory_out_->forward(joined(seen.output)));
  return {feed_forward(z), mean(seen.weights, {1}), so_far};
}

}  // namespace heed::detail
