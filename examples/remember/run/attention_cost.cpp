// Measures what attention takes: see attention_cost.h.
#include "run/attention_cost.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>

#include <heed/autograd/attention.h>
#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/view.h>
#include <heed/tensor/random.h>
#include <heed/tensor/storage.h>

#include "system/interrupt.h"

namespace remember {

namespace {

constexpr int64_t kWidth = 64;

struct Inputs {
  heed::Variable query, key, value;
};

using Attend = std::function<heed::Variable(const Inputs&)>;

heed::Variable attend_keeping(const Inputs& x) {
  const heed::Variable scores =
      heed::matmul(x.query * (1 / std::sqrt(static_cast<double>(kWidth))), heed::transpose(x.key, -2, -1));
  return heed::matmul(heed::softmax(scores, -1), x.value);
}

heed::Variable attend_tiled(const Inputs& x) {
  return heed::scaled_dot_product_attention(x.query, x.key, x.value, {}, {.need_weights = false}).output;
}

struct Taken {
  double seconds = 0;
  int64_t bytes = 0;
};

/// Bytes of the results, which are not counted: the output, and with gradients those of the three inputs.
Taken take(const Attend& attend, const Inputs& inputs, bool with_gradient) {
  using Clock = std::chrono::steady_clock;
  const int64_t before = heed::allocator_stats().bytes_in_use;
  heed::reset_peak_bytes();
  const Clock::time_point begin = Clock::now();
  if (with_gradient) {
    heed::grad({heed::sum(attend(inputs))}, {inputs.query, inputs.key, inputs.value});
  } else {
    const heed::NoGrad no_grad;
    attend(inputs);
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  const int64_t results = inputs.query.value().numel() * 4 * (with_gradient ? 4 : 1);
  return {seconds, std::max<int64_t>(1, heed::allocator_stats().peak_bytes_in_use - before - results)};
}

}  // namespace

double AttentionCost::memory_ratio() const {
  return static_cast<double>(kept_bytes) / static_cast<double>(std::max<int64_t>(1, tiled_bytes));
}

double AttentionCost::time_ratio() const { return tiled_seconds / std::max(kept_seconds, 1e-9); }

std::vector<AttentionCost> measure_attention_costs(const std::vector<int64_t>& lengths) {
  heed::Generator generator(1);
  std::vector<AttentionCost> costs;
  for (const int64_t length : lengths) {
    const auto random = [&] {
      return heed::Variable(heed::randn({1, 1, length, kWidth}, heed::DType::float32, generator), true);
    };
    const Inputs inputs = {random(), random(), random()};
    for (const bool with_gradient : {false, true}) {
      if (interrupted()) {
        throw Interrupted();
      }
      const Taken kept = take(attend_keeping, inputs, with_gradient);
      const Taken tiled = take(attend_tiled, inputs, with_gradient);
      costs.push_back({length, with_gradient, kept.seconds, kept.bytes, tiled.seconds, tiled.bytes});
    }
  }
  return costs;
}

}  // namespace remember
