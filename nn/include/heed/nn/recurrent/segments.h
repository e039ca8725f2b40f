// Long sequences in segments: in less memory (gradient checkpointing), or with gradients that are cut between them
// (truncated back-propagation through time).
#pragma once

#include <cstdint>
#include <vector>

#include <heed/nn/recurrent/recurrent_layer.h>

namespace heed {

/// layer.run(x, mask, states), of which backward keeps only the states between segments of `steps` time steps; each
/// segment is computed a second time. 10,000 steps take the memory of their input and output and of one segment.
/// Gradients are, to the bit, those of calls segment by segment without it; to rounding those of one call, whose sums
/// over all steps are not cut. The layer must live until backward. Throws ValueError for steps below 1, a bidirectional
/// layer, and dropout whose mask is one for all time steps; else as run().
RecurrentLayer::Result run_in_segments(const RecurrentLayer& layer, const Variable& x, int64_t steps,
                                       const Mask& mask = {}, std::vector<CellState> states = {});

/// The states, not differentiated through: where truncated back-propagation begins anew (Williams, Peng 1990).
///
///   std::vector<CellState> states;
///   for (const Tensor& part : split(x, 35, 1)) {
///     RecurrentLayer::Result result = lstm.run(part, {}, detached(states));
///     states = std::move(result.states);
///     backward(loss_of(result.output));
///     …
///   }
CellState detached(const CellState& state);
std::vector<CellState> detached(const std::vector<CellState>& states);

}  // namespace heed
