// Attention in tiles: one operation that keeps no weights; and its composite.
#include "tiled_attention.h"

#include <heed/autograd/backward.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/attention.h>
#include <heed/tensor/view.h>

#include "operand.h"

namespace heed {

using detail::value_or_none;

namespace {

/// What backward needs beside the inputs.
struct Kept {
  Saved query, key, value, output, maxima, inverse_sums, hidden, added;
  bool finite;

  TiledAttention forward(const BackwardContext& context) const {
    return {output.unpack(context).value(), maxima.unpack(context).value(), inverse_sums.unpack(context).value(),
            finite};
  }
};

/// Takes as many random numbers as dropping weights one by one would.
GeneratorState take_random(const ScaledDotProductOptions& options, int64_t weights) {
  Generator& generator = options.generator == nullptr ? default_generator() : *options.generator;
  const GeneratorState state = generator.state();
  if (options.dropout > 0 && options.dropout < 1) {
    generator.reserve(static_cast<uint64_t>(weights + 3) / 4);
  }
  return state;
}

/// The same with weights, which has gradients of gradients.
Variable composite(const std::vector<Variable>& inputs, const TiledAttentionOptions& options) {
  Generator generator;
  generator.set_state(options.random);
  const Mask mask = Mask(options.hidden) | (options.added.defined() ? Mask::added(options.added) : Mask()) |
                    (options.is_causal ? Mask::causal() : Mask());
  return scaled_dot_product_attention(inputs[0], inputs[1], inputs[2], mask,
                                      {.scale = options.scale, .dropout = options.dropout, .generator = &generator})
      .output;
}

Gradients backward_of(const BackwardContext& context, const Kept& kept, TiledAttentionOptions options) {
  const Variable query = kept.query.unpack(context), key = kept.key.unpack(context), value = kept.value.unpack(context);
  options.hidden = value_or_none(kept.hidden.unpack(context));
  options.added = value_or_none(kept.added.unpack(context));
  if (grad_enabled()) {
    return composite_backward(context, {query, key, value},
                              [&](const auto& inputs) { return std::vector{composite(inputs, options)}; });
  }
  TiledAttentionGradients gradients = tiled_attention_backward(
      context.grad().value(), kept.forward(context), query.value(), key.value(), value.value(), options,
      {.query = context.needs(0), .key = context.needs(1), .value = context.needs(2)});
  const auto gradient = [](Tensor& x) { return x.defined() ? Variable(std::move(x)) : Variable(); };
  return {gradient(gradients.query), gradient(gradients.key), gradient(gradients.value)};
}

}  // namespace

namespace detail {

bool can_be_tiled(const Shape& scores, const Variable& value, const ScoreMask& mask) {
  bool fits = value.rank() <= scores.rank();
  for (int64_t i = 3; fits && i <= value.rank(); ++i) {
    fits = value.size(-i) == 1 || value.size(-i) == scores[scores.rank() - i];
  }
  return fits && !(mask.added.defined() && mask.added.requires_grad());
}

Variable tiled_attention(const Variable& query, const Variable& key, const Variable& value, const Shape& scores,
                         const ScoreMask& mask, const ScaledDotProductOptions& options) {
  TiledAttentionOptions tiled;
  tiled.hidden = mask.hidden;
  tiled.added = value_or_none(mask.added);
  tiled.scale = *options.scale;
  tiled.is_causal = mask.is_causal;
  tiled.dropout = options.dropout;
  tiled.random = take_random(options, scores.numel());
  const TiledAttention result = heed::tiled_attention(query.value(), key.value(), value.value(), tiled);
  Kept kept{Saved(query),
            Saved(key),
            Saved(value),
            Saved::output(result.output, 0),
            Saved::data(result.maxima),
            Saved::data(result.inverse_sums),
            tiled.hidden.defined() ? Saved::data(tiled.hidden) : Saved(),
            tiled.added.defined() ? Saved::data(tiled.added) : Saved(),
            result.finite};
  tiled.hidden = tiled.added = Tensor();
  return make_variable(
      "scaled_dot_product_attention", result.output, {query, key, value},
      [kept = std::move(kept), tiled](const BackwardContext& context) { return backward_of(context, kept, tiled); });
}

}  // namespace detail
}  // namespace heed
