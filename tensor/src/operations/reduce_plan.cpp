// Groups the axes of a reduction.
#include "operations/reduce_plan.h"

#include "core/require.h"

namespace heed::detail {
namespace {

/// Neighbouring axes that are all reduced or all kept.
struct Group {
  int64_t size = 1;
  int64_t stride = 1;
  bool reduced = false;
};

struct Groups {
  std::array<Group, kMaxRank> items;
  int64_t count = 0;
};

/// False if merged axes are not contiguous, or if kept axes at the end do not have unit stride.
bool group_axes(const Tensor& x, const Dims& dims, Groups& groups) {
  for (int64_t axis = x.rank() - 1; axis >= 0; --axis) {
    const bool reduced = dims.contains(axis);
    const int64_t size = x.shape()[axis];
    if (groups.count == 0 || groups.items[groups.count - 1].reduced != reduced) {
      groups.items[groups.count++] = {size, x.strides()[axis], reduced};
      continue;
    }
    Group& group = groups.items[groups.count - 1];
    if (group.size == 1) {
      group.stride = x.strides()[axis];
    } else if (size != 1 && x.numel() > 0 && x.strides()[axis] != group.stride * group.size) {
      return false;
    }
    group.size *= size;
  }
  const Group& last = groups.items[0];
  return groups.count == 0 || last.reduced || last.size == 1 || last.stride == 1 || x.numel() == 0;
}

}  // namespace

ReducePlan plan_reduction(const Tensor& x, const Dims& dims, bool keepdim, std::string_view op) {
  require_defined(x, op);
  const Dims axes = normalize_dims(dims, x.rank(), op);
  ReducePlan plan;
  plan.x = x;
  for (int64_t axis = 0; axis < x.rank(); ++axis) {
    const bool reduced = axes.contains(axis);
    plan.count *= reduced ? x.shape()[axis] : 1;
    if (!reduced || keepdim) {
      plan.shape.push_back(reduced ? 1 : x.shape()[axis]);
    }
  }
  Groups groups;
  if (!group_axes(x, axes, groups)) {
    plan.x = clone(x);
    groups = {};
    group_axes(plan.x, axes, groups);
  }
  int64_t next = 0;
  if (groups.count > 0 && !groups.items[0].reduced) {
    plan.columns = groups.items[next++].size;
  } else {
    plan.by_rows = groups.count > 0;
  }
  if (next < groups.count) {
    plan.length = groups.items[next].size;
    plan.stride = groups.items[next++].stride;
  }
  Shape kept, kept_strides, reduced, reduced_strides;
  for (int64_t i = groups.count - 1; i >= next; --i) {
    const Group& group = groups.items[i];
    (group.reduced ? reduced : kept).push_back(group.size);
    (group.reduced ? reduced_strides : kept_strides).push_back(group.stride);
  }
  plan.kept = Loop<1>(kept, {kept_strides});
  plan.reduced = Loop<1>(reduced, {reduced_strides});
  return plan;
}

}  // namespace heed::detail
