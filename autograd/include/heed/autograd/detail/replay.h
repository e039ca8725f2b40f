// What gradient checkpointing asks of the engine: one node in the place of many, which are computed anew for backward.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <heed/autograd/variable.h>

namespace heed::detail {

/// The number that the next node gets.
uint64_t next_node_number();

/// The values of `outputs`, which nodes from number `first` on computed, as results of one operation `name`. It keeps
/// none of what they saved: for backward again(), called with recording on, computes the same outputs anew. The
/// gradients are the same to the bit: they reach leaves and earlier nodes one by one, in the order of the graph that is
/// replaced. Outputs that no such node made are returned as they are. Backward throws GraphError, by that name, when
/// again() gives other shapes, or a leaf or one of `inputs` was written to meanwhile.
std::vector<Variable> replayed(const char* name, const std::vector<Variable>& outputs, uint64_t first,
                               const std::vector<Variable>& inputs, std::function<std::vector<Variable>()> again);

}  // namespace heed::detail
