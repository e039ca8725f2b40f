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

#ifndef HEED_KERNELS_ATTENTION_ONCE
#define HEED_KERNELS_ATTENTION_ONCE
namespace heed::kernels {
namespace {

template <class T>
struct AttentionTable {
  void (*forward)(const AttentionHead<T>&, const AttentionRecord<T>&, int64_t, int64_t, void*);
  void (*backward)(const AttentionHead<T>&, const AttentionRecord<const T>&, const AttentionGradient<T>&,
                   const AttentionRange&, void*);
};

}  // namespace
}  // namespace heed::kernels
#endif  // HEED_KERNELS_ATTENTION_ONCE

HWY_BEFORE_NAMESPACE();
namespace heed::kernels {
namespace HWY_NAMESPACE {

template <class T>
constexpr AttentionTable<T> attention_kernels{&run_attention<T>, &run_attention_backward<T>};

const FloatKernels<AttentionTable>& attention_table() {
  static constexpr FloatKernels<AttentionTable> table{attention_kernels<float>, attention_kernels<double>};
  return table;
}

}  // namespace HWY_NAMESPACE
}  // namespace heed::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace heed::kernels {
namespace {

HWY_EXPORT(attention_table);

template <class T>
const AttentionTable<T>& table() {
  return HEED_SIMD_SELECT(attention_table)().get<T>();
}

}  // namespace

template <class T>
int64_t attention_target_tile() {
  return kForwardTargets<T>;
}
template <class T>
int64_t attention_target_tile_backward() {
  return kBackwardTargets<T>;
}
template <class T>
int64_t attention_source_tile_backward() {
  return kBackwardSources<T>;
}

template <class T>
size_t attention_workspace_bytes(int64_t targets, int64_t sources, int64_t size, int64_t value_size) {
  return std::max(ForwardWorkspace<T>(targets, sources, size, value_size, nullptr).bytes,
                  BackwardWorkspace<T>(targets, sources, size, value_size, nullptr).bytes);
}

template <class T>
void attention(const AttentionHead<T>& head, const AttentionRecord<T>& record, int64_t first, int64_t last,
               void* workspace) {
  table<T>().forward(head, record, first, last, workspace);
}
template <class T>
void attention_backward(const AttentionHead<T>& head, const AttentionRecord<const T>& record,
                        const AttentionGradient<T>& gradient, const AttentionRange& range, void* workspace) {
  table<T>().backward(head, record, gradient, range, workspace);
}

template int64_t attention_target_tile<float>();
template int64_t attention_target_tile<double>();
template int64_t attention_target_tile_backward<float>();
template int64_t attention_target_tile_backward<double>();
template int64_t attention_source_tile_backward<float>();
template int64_t attention_source_tile_backward<double>();
template size_t attention_workspace_bytes<float>(int64_t, int64_t, int64_t, int64_t);
template size_t attention_workspace_bytes<double>(int64_t, int64_t, int64_t, int64_t);
template void attention(const AttentionHead<float>&, const AttentionRecord<float>&, int64_t, int64_t, void*);
template void attention(const AttentionHead<double>&, const AttentionRecord<double>&, int64_t, int64_t, void*);
template void attention_backward(const AttentionHead<float>&, const AttentionRecord<const float>&,
                                 const AttentionGradient<float>&, const AttentionRange&, void*);
template void attention_backward(const AttentionHead<double>&, const AttentionRecord<const double>&,
                                 const AttentionGradient<double>&, const AttentionRange&, void*);

}  // namespace heed::kernels
#endif
