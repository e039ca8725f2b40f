// Draws a recorded graph.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <heed/autograd/variable.h>

namespace heed {

/// The graph of `root` in Graphviz's language: one box per operation, one ellipse per leaf with its name from `names`,
/// and the shapes on the edges. `dot -Tsvg` makes a picture of it.
std::string graph_dot(const Variable& root, const std::vector<std::pair<std::string, Variable>>& names = {});

}  // namespace heed
