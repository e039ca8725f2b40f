// A table of the parameters of a module.
#pragma once

#include <string>

#include <heed/nn/core/module.h>

namespace heed {

/// One line per parameter with its dotted name, shape, dtype and number of elements, and a last one with the total,
/// in which a parameter that is registered twice (tied weights) counts once. Ends with a line feed.
std::string summary(const Module& module);

}  // namespace heed
