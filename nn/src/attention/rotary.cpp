// Rotary position embedding: one operation, whose gradient is the same rotation backwards.
#include <heed/nn/attention/rotary.h>

#include <cmath>

#include <heed/autograd/node.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/view.h>

namespace heed {
namespace {

/// Cosines and sines of all angles, (T, D/2) each.
struct Turns {
  Tensor cosine, sine;
};

Turns turns_of(int64_t steps, int64_t features, const RotaryOptions& options, DType dtype) {
  Tensor cosine = empty({steps, features / 2}, DType::float64), sine = empty({steps, features / 2}, DType::float64);
  auto* cosines = cosine.mutable_data<double>();
  auto* sines = sine.mutable_data<double>();
  for (int64_t pair = 0; pair < features / 2; ++pair) {
    const double theta = std::pow(options.base, -2.0 * static_cast<double>(pair) / static_cast<double>(features));
    for (int64_t step = 0; step < steps; ++step) {
      const double angle = (static_cast<double>(options.offset) + static_cast<double>(step)) * theta;
      cosines[step * (features / 2) + pair] = std::cos(angle);
      sines[step * (features / 2) + pair] = std::sin(angle);
    }
  }
  return {to(cosine, dtype), to(sine, dtype)};
}

Tensor turned(const Tensor& x, const Turns& turns) {
  Shape pairs = x.shape();
  pairs[pairs.rank() - 1] /= 2;
  pairs.push_back(2);
  const Tensor split = reshape(x, pairs);
  const Tensor even = select(split, -1, 0), odd = select(split, -1, 1);
  const Tensor new_even = even * turns.cosine - odd * turns.sine;
  const Tensor new_odd = odd * turns.cosine + even * turns.sine;
  return reshape(stack({new_even, new_odd}, -1), x.shape());
}

Variable rotate(const Variable& x, const Turns& turns) {
  return make_variable("rotary_embedding", turned(x.value(), turns), {x},
                       [turns](const BackwardContext& context) -> Gradients {
                         return {rotate(context.grad(), {turns.cosine, -turns.sine})};
                       });
}

}  // namespace

Variable rotary_embedding(const Variable& x, const RotaryOptions& options) {
  check<ShapeError>(x.rank() >= 2 && x.rank() < kMaxRank && x.size(-1) % 2 == 0, "rotary_embedding",
                    "input must be (…, T, D) with an even D, got ", x.shape());
  check<DTypeError>(is_floating(x.dtype()), "rotary_embedding", "needs float32 or float64, got ", x.dtype());
  check(options.base > 0, "rotary_embedding", "base must be above 0, got ", options.base);
  return rotate(x, turns_of(x.size(-2), x.size(-1), options, x.dtype()));
}

Rotary::Rotary(int64_t head_size) {
  check(head_size % 2 == 0, "Rotary", "the size of a head must be even, got ", head_size);
}

Variable Rotary::place(const Variable& x, int64_t first) const { return rotary_embedding(x, {.offset = first}); }

}  // namespace heed
