// Writes Graphviz's language.
#include <heed/autograd/graph_dot.h>

#include <unordered_set>

#include <heed/autograd/detail/walk_graph.h>
#include <heed/autograd/node.h>
#include <heed/tensor/error.h>
#include <heed/tensor/text_stream.h>

#include "variable_state.h"

namespace heed {
namespace {

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
    }
    result += c;
  }
  return result + "\"";
}

std::string leaf_label(const detail::VariableState* leaf, const std::vector<std::pair<std::string, Variable>>& names) {
  TextStream label;
  for (const auto& [name, variable] : names) {
    if (variable.state() == leaf) {
      label << name << " ";
    }
  }
  label << leaf->value.shape();
  return label.str();
}

}  // namespace

std::string graph_dot(const Variable& root, const std::vector<std::pair<std::string, Variable>>& names) {
  check<GraphError>(root.defined(), "graph_dot", "the Variable is undefined");
  TextStream out;
  out << "digraph heed {\n  rankdir=BT;\n  node [shape=box, fontname=\"sans-serif\"];\n";
  std::unordered_set<const void*> seen;
  const auto visit_leaf = [&](const detail::VariableState* leaf) {
    if (seen.insert(leaf).second) {
      out << "  \"" << leaf << "\" [shape=ellipse, label=" << quoted(leaf_label(leaf, names)) << "];\n";
    }
  };
  if (root.is_leaf()) {
    visit_leaf(root.state());
  }
  const auto visit = [&](const Node& node) {
    out << "  \"" << &node << "\" [label=" << quoted(node.name()) << "];\n";
    for (const detail::Edge& edge : node.edges()) {
      if (edge.leaf) {
        visit_leaf(edge.leaf.get());
        out << "  \"" << edge.leaf.get() << "\" -> \"" << &node << "\";\n";
      } else if (edge.node) {
        out << "  \"" << edge.node.get() << "\" -> \"" << &node << "\" [label=\""
            << edge.node->outputs()[static_cast<size_t>(edge.index)].shape << "\"];\n";
      }
    }
  };
  detail::walk_graph(
      {&root, 1}, [&](const Node& node) { return seen.insert(&node).second; }, visit);
  out << "}\n";
  return out.str();
}

}  // namespace heed
