// CapacityStage: see capacity_stage.h.
#include "run/capacity_stage.h"

#include <algorithm>

namespace remember {

namespace {

/// What the stages say of one share of exact outputs.
struct Bounds {
  int64_t reached = 0;   ///< the longest length with that share
  int64_t too_long = 0;  ///< the shortest length above it whose plateau is below that share; 0: none
};

Bounds bounds_of(const std::vector<CapacityStage>& stages, double share) {
  Bounds bounds;
  for (const CapacityStage& stage : stages) {
    bounds.reached = stage.exact >= share ? std::max(bounds.reached, stage.length) : bounds.reached;
  }
  for (const CapacityStage& stage : stages) {
    const bool failed = stage.converged && stage.exact < share && stage.length > bounds.reached;
    if (failed && (bounds.too_long == 0 || stage.length < bounds.too_long)) {
      bounds.too_long = stage.length;
    }
  }
  return bounds;
}

/// The next length to try; 0 if the bounds are close enough.
int64_t next_length(const Bounds& bounds, const CapacityLengths& lengths) {
  const int64_t step = lengths.step;
  const auto share = [&](int64_t part) { return std::max(step, bounds.reached / part / step * step); };
  if (bounds.too_long == 0) {
    const int64_t wanted = bounds.reached == 0 ? lengths.shortest : bounds.reached + share(4);
    const int64_t next = std::min(wanted, lengths.longest / step * step);
    return next > bounds.reached ? next : 0;
  }
  const int64_t gap = bounds.too_long - bounds.reached;
  return bounds.reached == 0 || gap <= share(8) ? 0 : bounds.reached + gap / 2 / step * step;
}

}  // namespace

CapacityFound capacity_found(const std::vector<CapacityStage>& stages, const CapacityLengths& lengths) {
  const Bounds whole = bounds_of(stages, kRemembers);
  const Bounds half = bounds_of(stages, kRemembersHalf);
  const int64_t longer_whole = next_length(whole, lengths);
  const int64_t longer_half = next_length(half, lengths);
  CapacityFound found{.longest_99 = whole.reached,
                      .longest_50 = half.reached,
                      .known_99 = whole.too_long > 0 && longer_whole == 0,
                      .known_50 = half.too_long > 0 && longer_half == 0};
  const bool out_of_time = !stages.empty() && stages.back().exact < stages.back().goal && !stages.back().converged;
  if (out_of_time) {
    return found;
  }
  if (longer_whole > 0) {
    found.next = CapacityGoal{longer_whole, kRemembers};
  } else if (longer_half > 0) {
    found.next = CapacityGoal{longer_half, kRemembersHalf};
  }
  return found;
}

}  // namespace remember
