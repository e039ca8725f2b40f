// The graph: nodes, what they save, and how they are freed.
#include <heed/autograd/node.h>

#include <heed/autograd/anomaly.h>
#include <heed/autograd/detail/replay.h>
#include <heed/autograd/grad_mode.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

#include "variable_state.h"

namespace heed {
namespace {

std::atomic<int64_t> live{0};
std::atomic<uint64_t> next_number{1};

// Nodes without references, linked by next_dead_, and whether a call further up the stack is already freeing them.
thread_local Node* dead = nullptr;
thread_local bool freeing = false;

const std::string no_scope;

}  // namespace

int64_t live_nodes() { return live.load(std::memory_order_relaxed); }

namespace {

std::vector<detail::Edge> edges_to(std::span<const Variable> inputs) {
  std::vector<detail::Edge> edges;
  edges.reserve(inputs.size());
  for (const Variable& input : inputs) {
    detail::Edge edge;
    if (input.defined() && input.node()) {
      edge.node = input.node();
      edge.index = input.output_index();
    } else if (input.requires_grad()) {
      edge.leaf = detail::Pointer<detail::VariableState>::share(input.state());
    }
    edges.push_back(std::move(edge));
  }
  return edges;
}

}  // namespace

Node::Node(const char* name, std::span<const Variable> inputs) : Node(name, edges_to(inputs)) {}

Node::Node(const char* name, std::vector<detail::Edge> edges)
    : name_(name), number_(next_number.fetch_add(1, std::memory_order_relaxed)), edges_(std::move(edges)) {
  if (AnomalyMode::enabled()) {
    scope_ = std::make_unique<std::string>(NameScope::current());
  }
  live.fetch_add(1, std::memory_order_relaxed);
}

Node::~Node() { live.fetch_sub(1, std::memory_order_relaxed); }

const std::string& Node::scope() const { return scope_ ? *scope_ : no_scope; }

Variable Node::add_output(Tensor value) {
  outputs_.push_back({value.shape(), value.dtype()});
  add_reference(this);
  return Variable::output_of(NodePointer::adopt(this), static_cast<int64_t>(outputs_.size()) - 1, std::move(value));
}

void add_reference(Node* node) noexcept { node->references_.fetch_add(1, std::memory_order_relaxed); }

// Deleting a node drops references to the nodes before it. Nodes that lose their last reference go on a list, which the
// outermost call frees in a loop, so that a deep graph does not need a deep stack.
void remove_reference(Node* node) noexcept {
  if (node->references_.fetch_sub(1, std::memory_order_acq_rel) != 1) {
    return;
  }
  node->next_dead_ = dead;
  dead = node;
  if (freeing) {
    return;
  }
  freeing = true;
  while (dead != nullptr) {
    delete std::exchange(dead, dead->next_dead_);
  }
  freeing = false;
}

namespace detail {

uint64_t next_node_number() { return next_number.load(std::memory_order_relaxed); }

bool should_record(std::span<const Variable> inputs) {
  if (!grad_enabled()) {
    return false;
  }
  for (const Variable& input : inputs) {
    if (input.requires_grad()) {
      return true;
    }
  }
  return false;
}

}  // namespace detail

}  // namespace heed
