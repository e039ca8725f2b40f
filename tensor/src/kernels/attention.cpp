// Attention's table per SIMD target.
#include "kernels/attention.h"

#include "kernels/attention_workspace.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/attention.cpp"
#include <hwy/foreach_target.h>
//
#include "kernels/attention_backward-inl.h"
#include "kernels/attention_forward-inl.h"
#include "kernels/simd_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

template <class T>
size_t workspace_bytes(int64_t targets, int64_t sources, int64_t size, int64_t value_size) {
  return std::max(ForwardWorkspace<T>(targets, sources, size, value_size, nullptr).bytes,
                  BackwardWorkspace<T>(targets, sources, size, value_size, nullptr).bytes);
}

template <class T>
constexpr AttentionKernels<T> attention_kernels{.target_tile = kForwardTargets<T>,
                                                .target_tile_backward = kBackwardTargets<T>,
                                                .source_tile_backward = kBackwardSources<T>,
                                                .workspace_bytes = &workspace_bytes<T>,
                                                .forward = &run_attention<T>,
                                                .backward = &run_attention_backward<T>};

const FloatKernels<AttentionKernels>& attention_table() {
  static constexpr FloatKernels<AttentionKernels> table{attention_kernels<float>, attention_kernels<double>};
  return table;
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace heed::kernels {

HEED_SIMD_EXPORT(attention_table);

const FloatKernels<AttentionKernels>& attention() { return HEED_SIMD_SELECT(attention_table)(); }

}  // namespace heed::kernels
#endif
