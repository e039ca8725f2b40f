// Draws a recorded graph.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <heed/autograd/variable.h>

namespace heed {

/// The graph that made `root`, in Graphviz's language: a box an operation with the shapes that flow between them, an
/// ellipse a leaf, under its name in `names` where it is there. `dot -Tsvg` makes a picture of it.
std::string graph_dot(const Variable& root, const std::vector<std::pair<std::string, Variable>>& names = {});

}  // namespace heed
