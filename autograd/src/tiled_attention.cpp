// Attention in tiles: one operation that keeps no weights; and its composite.
#include "tiled_attention.h"

#include <cmath>

#include <heed/autograd/backward.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/attention.h>
#include <heed/tensor/view.h>

namespace heed {
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

Tensor value_or_none(const Variable& x) { return x.defined() ? x.value() : Tensor(); }

/// The shape of the scores.
Shape shape_of_scores(const Variable& query, const Variable& key) {
  Shape shape = query.shape(), other = key.shape();
  shape[shape.rank() - 1] = 1;
  other[other.rank() - 1] = other[other.rank() - 2];
  other[other.rank() - 2] = 1;
  return broadcast_shapes(shape, other, "scaled_dot_product_attention");
}

/// Takes as many random numbers as dropping weights one by one would.
GeneratorState take_random(const ScaledDotProductOptions& options, int64_t weights) {
  Generator& generator = options.generator == nullptr ? default_generator() : *options.generator;
  const GeneratorState state = generator.state();
  if (options.dropout > 0 && options.dropout < 1) {
    generator.reserve(static_cast<uint64_t>(weights + 3) / 4);
  }
  return state;
}

Gradients backward_of(const BackwardContext& context, const Kept& kept, TiledAttentionOptions options,
                      const ScaledDotProductOptions& asked) {
  const Variable query = kept.query.unpack(context), key = kept.key.unpack(context), value = kept.value.unpack(context);
  options.hidden = value_or_none(kept.hidden.unpack(context));
  options.added = value_or_none(kept.added.unpack(context));
  if (grad_enabled()) {
    return composite_backward(context, {query, key, value}, [&](const std::vector<Variable>& inputs) {
      Generator generator;
      generator.set_state(options.random);
      ScaledDotProductOptions again = asked;
      again.need_weights = true;
      again.generator = &generator;
      again.added = options.added.defined() ? Variable(options.added) : Variable();
      return std::vector{scaled_dot_product_attention(inputs[0], inputs[1], inputs[2], options.hidden, again).output};
    });
  }
  TiledAttentionGradients gradients = tiled_attention_backward(
      context.grad().value(), kept.forward(context), query.value(), key.value(), value.value(), options,
      {.query = context.needs(0), .key = context.needs(1), .value = context.needs(2)});
  const auto gradient = [](Tensor& x) { return x.defined() ? Variable(std::move(x)) : Variable(); };
  return {gradient(gradients.query), gradient(gradients.key), gradient(gradients.value)};
}

}  // namespace

namespace detail {

bool can_be_tiled(const Variable& query, const Variable& key, const Variable& value,
                  const ScaledDotProductOptions& options) {
  const Shape scores = shape_of_scores(query, key);
  bool fits = value.rank() <= scores.rank();
  for (int64_t i = 3; fits && i <= value.rank(); ++i) {
    fits = value.size(-i) == 1 || value.size(-i) == scores[scores.rank() - i];
  }
  return fits && !options.added.requires_grad();
}

Variable tiled_attention(const Variable& query, const Variable& key, const Variable& value, const Tensor& mask,
                         const ScaledDotProductOptions& options) {
  TiledAttentionOptions tiled;
  tiled.hidden = mask;
  tiled.added = value_or_none(options.added);
  tiled.scale = options.scale.value_or(1 / std::sqrt(static_cast<double>(query.size(-1))));
  tiled.is_causal = options.is_causal;
  tiled.dropout = options.dropout;
  tiled.random = take_random(options, shape_of_scores(query, key).numel());
  const TiledAttention result = heed::tiled_attention(query.value(), key.value(), value.value(), tiled);
  Kept kept{Saved(query),
            Saved(key),
            Saved(value),
            Saved::output(result.output),
            Saved::data(result.maxima),
            Saved::data(result.inverse_sums),
            mask.defined() ? Saved::data(mask) : Saved(),
            tiled.added.defined() ? Saved::data(tiled.added) : Saved(),
            result.finite};
  tiled.hidden = tiled.added = Tensor();
  ScaledDotProductOptions asked = options;
  asked.added = Variable();
  return make_variable("scaled_dot_product_attention", result.output, {query, key, value},
                       [kept = std::move(kept), tiled, asked](const BackwardContext& context) {
                         return backward_of(context, kept, tiled, asked);
                       });
}

}  // namespace detail
}  // namespace heed
