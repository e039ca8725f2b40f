// Any recurrence, step after step: what recurrent cells run on that have no operation for whole sequences.
#pragma once

#include <functional>
#include <vector>

#include <heed/autograd/variable.h>
#include <heed/tensor/detail/rnn.h>

namespace heed::detail {

/// Step t of a recurrence: gate inputs (B, ·) and states (B, H) → the next states, the first of which is the output.
using RecurrentStep =
    std::function<std::vector<Variable>(int64_t t, const Variable& gate_inputs, const std::vector<Variable>& states)>;

struct StepByStep {
  Variable output;               ///< (T, B, H), or (B, T, H)
  std::vector<Variable> states;  ///< (B, H), the last ones
};

/// gate_inputs (T, B, ·), or (B, T, ·) with options.batch_first; states are the first ones, all defined. Lengths and
/// order as RecurrentOptions says.
StepByStep step_by_step(const Variable& gate_inputs, std::vector<Variable> states, const RecurrentOptions& options,
                        const RecurrentStep& step);

}  // namespace heed::detail
