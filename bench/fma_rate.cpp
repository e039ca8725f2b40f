// Independent chains of multiply-adds, timed.
#include "fma_rate.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fma_rate.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/simd_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace heed::bench {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Ten chains: more than latency times units on current machines, fewer than registers.
constexpr size_t kChains = 10;

template <class V, size_t... I>
HWY_INLINE void multiply_add(std::array<V, kChains>& chains, V factor, V term, std::index_sequence<I...>) {
  ((chains[I] = hn::MulAdd(chains[I], factor, term)), ...);
}

// Runs `count` rounds; returns their operations. The result goes to `sink` so that it is computed.
double run_chains(int64_t count, float* sink) {
  const hn::ScalableTag<float> d;
  std::array<hn::Vec<decltype(d)>, kChains> chains;
  chains.fill(hn::Set(d, *sink));
  const auto factor = hn::Set(d, 0.999f), term = hn::Set(d, 1e-3f);
  for (int64_t i = 0; i < count; ++i) multiply_add(chains, factor, term, std::make_index_sequence<kChains>());
  auto total = hn::Zero(d);
  for (const auto& chain : chains) total = hn::Add(total, chain);
  *sink = hn::GetLane(total);
  return 2.0 * kChains * static_cast<double>(hn::Lanes(d)) * static_cast<double>(count);
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::bench
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace heed::bench {

HEED_SIMD_EXPORT(run_chains);

double fma_rate() {
  volatile float start = 1;
  float sink = start;
  double best = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const auto before = std::chrono::steady_clock::now();
    const double operations = HEED_SIMD_SELECT(run_chains)(20000, &sink);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - before;
    best = std::max(best, operations / seconds.count());
  }
  start = sink;
  return best;
}

}  // namespace heed::bench
#endif
