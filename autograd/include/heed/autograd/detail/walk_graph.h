// The way through a graph, from what was computed back to what it was computed from.
#pragma once

#include <span>
#include <vector>

#include <heed/autograd/detail/graph_node.h>

namespace heed::detail {

/// Calls visit(node) for the nodes that `outputs` are of, and for those that edges of visited nodes lead to, if
/// enters(node), which is to say no to one that it has seen. A loop: a graph may be as deep as it likes.
template <class Enters, class Visit>
void walk_graph(std::span<const Variable> outputs, const Enters& enters, const Visit& visit) {
  std::vector<Node*> waiting;
  const auto reach = [&](const NodePointer& node) {
    if (node && enters(*node)) {
      waiting.push_back(node.get());
    }
  };
  for (const Variable& output : outputs) {
    if (output.defined()) {
      reach(output.node());
    }
  }
  while (!waiting.empty()) {
    Node& node = *waiting.back();
    waiting.pop_back();
    visit(node);
    for (const Edge& edge : node.edges()) {
      reach(edge.node);
    }
  }
}

}  // namespace heed::detail
