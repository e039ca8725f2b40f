// The transformer's decoder.
#include <heed/nn/transformer/transformer_decoder.h>

#include <heed/tensor/scope.h>
#include <heed/tensor/view.h>

namespace heed {
namespace {

/// What `mask` of `before` cached steps and those of x hides of x.
Mask of_last_steps(const Mask& mask, const Variable& x, int64_t before, bool batch_first) {
  if (!mask.hides_positions() || before == 0) {
    return mask;
  }
  const int64_t batch = x.size(batch_first ? 0 : 1), steps = x.size(batch_first ? 1 : 0);
  return Mask::padding(narrow(mask.padded(batch, before + steps, "TransformerDecoderLayer"), 1, before, steps));
}

}  // namespace

TransformerDecoderLayer::TransformerDecoderLayer(int64_t d_model, int64_t nhead, const TransformerOptions& options)
    : TransformerLayer(d_model, nhead, options, true) {}

Variable TransformerDecoderLayer::forward(const Variable& tgt, const Variable& memory,
                                          const TransformerDecoderMasks& masks) const {
  const NameScope scope(path());
  const Variable x = attend_self(hide_nonfinite(tgt, masks.target, batch_first()), masks.target);
  return record("output", feed_forward(attend_memory(x, [&](const Variable& y, const MultiheadAttention& attention) {
                  return attention.forward(y, memory, memory, masks.memory, {.need_weights = false}).output;
                })));
}

TransformerDecoderCache TransformerDecoderLayer::prepare(const Variable& memory, const Mask& mask) const {
  const NameScope scope(path());
  return {memory_attention().prepare(memory, memory, mask), {}};
}

TransformerDecoderOutput TransformerDecoderLayer::forward(const Variable& tgt, TransformerDecoderCache& cache,
                                                          const TransformerDecoderMasks& masks,
                                                          bool need_weights) const {
  const NameScope scope(path());
  TransformerDecoderOutput result;
  KeysAndValues past = cache.past;
  const Variable x =
      attend_self(hide_nonfinite(tgt, of_last_steps(masks.target, tgt, past.steps(), batch_first()), batch_first()),
                  masks.target, &past);
  result.output = feed_forward(attend_memory(x, [&](const Variable& y, const MultiheadAttention& attention) {
    MultiheadAttentionOutput seen = attention.forward(y, cache.memory, masks.memory, {.need_weights = need_weights});
    result.weights = std::move(seen.weights);
    return seen.output;
  }));
  result.output = record("output", std::move(result.output));
  cache.past = std::move(past);  // only now: an error leaves the cache as it was
  return result;
}

TransformerDecoder::TransformerDecoder(int64_t d_model, int64_t nhead, int64_t num_layers,
                                       const TransformerOptions& options)
    : TransformerStack("TransformerDecoder", d_model, nhead, num_layers, options) {}

Variable TransformerDecoder::forward(const Variable& tgt, const Variable& memory,
                                     const TransformerDecoderMasks& masks) const {
  const NameScope scope(path());
  const TransformerDecoderMasks of_all{worked_out(masks.target, tgt), worked_out(masks.memory, memory)};
  Variable x = tgt;
  for (int64_t i = 0; i < layers_.size(); ++i) {
    x = layers_[i].forward(x, memory, of_all);
  }
  return record("output", normalized(x));
}

std::vector<TransformerDecoderCache> TransformerDecoder::prepare(const Variable& memory, const Mask& mask) const {
  const NameScope scope(path());
  const Mask of_all = worked_out(mask, memory);
  std::vector<TransformerDecoderCache> caches;
  for (int64_t i = 0; i < layers_.size(); ++i) {
    caches.push_back(layers_[i].prepare(memory, of_all));
  }
  return caches;
}

TransformerDecoderOutput TransformerDecoder::forward(const Variable& tgt, std::vector<TransformerDecoderCache>& caches,
                                                     const TransformerDecoderMasks& masks, bool need_weights) const {
  const NameScope scope(path());
  check(static_cast<int64_t>(caches.size()) == layers_.size(), "TransformerDecoder", "needs a cache per layer, ",
        layers_.size(), ", got ", caches.size());
  const Mask target = worked_out(masks.target, tgt, caches[0].past.steps());
  TransformerDecoderOutput result{tgt, {}};
  for (int64_t i = 0; i < layers_.size(); ++i) {
    const bool is_last = i + 1 == layers_.size();
    result = layers_[i].forward(result.output, caches[static_cast<size_t>(i)], {target, masks.memory},
                                need_weights && is_last);
  }
  return {record("output", normalized(result.output)), std::move(result.weights)};
}

}  // namespace heed
