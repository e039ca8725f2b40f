// Optimisers, clipping and schedules: cases that replay them, and what training runs take from here.
#pragma once

#include <memory>
#include <string>

#include <heed/nn/optim/optimizer.h>

#include "conformance/case.h"

namespace heed::conformance {

/// An optimiser by name, its arguments all known. Throws ValueError.
std::unique_ptr<Optimizer> make_optimizer(const std::string& name, const nlohmann::json& arguments,
                                          const ParameterList& parameters);

Failures replay_optimizer(const Case& given);
Failures replay_clip(const Case& given);
Failures replay_schedule(const Case& given);

}  // namespace heed::conformance
