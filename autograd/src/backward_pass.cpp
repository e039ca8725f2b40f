// The engine: loops over nodes sorted by number; no recursion anywhere.
#include "backward_pass.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <utility>

#include <heed/autograd/detail/walk_graph.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/process.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

#include "backward_call.h"
#include "variable_state.h"

namespace heed::detail {
namespace {

std::atomic<uint64_t> next_pass{1};

/// Held while the gradients of leaves, which threads may share, are read or exchanged, and no other lock is taken.
constinit std::mutex writing;
const ForkWatch forks_safely([] { writing.lock(); }, [] { writing.unlock(); }, [] { writing.unlock(); });

/// True if only `gradient` uses its memory, so that it may be added to in place.
bool owns_memory(const Variable& gradient) {
  return gradient.is_leaf() && gradient.state()->references.load(std::memory_order_acquire) == 1 &&
         gradient.value().storage().unique() && gradient.value().is_contiguous();
}

}  // namespace

BackwardPass::BackwardPass(std::vector<Variable> roots, const std::vector<Variable>* targets, Settings settings)
    : id_(next_pass.fetch_add(1, std::memory_order_relaxed)),
      settings_(settings),
      all_leaves_(targets == nullptr),
      roots_(std::move(roots)) {
  if (targets != nullptr) {
    targets_ = *targets;
    lowest_number_ = std::numeric_limits<uint64_t>::max();
    for (const Variable& target : targets_) {
      lowest_number_ = target.is_leaf() ? 0 : std::min(lowest_number_, target.node()->number());
    }
  }
  try {
    collect();
    mark_targets(targets_);
    mark_runs();
  } catch (...) {
    restore_marks();
    throw;
  }
}

BackwardPass::BackwardPass(std::vector<Variable> roots, BackwardPass& outer, uint64_t first)
    : id_(next_pass.fetch_add(1, std::memory_order_relaxed)),
      settings_{.create_graph = outer.settings_.create_graph, .retain_graph = outer.settings_.create_graph},
      outer_(&outer),
      lowest_number_(first),
      roots_(std::move(roots)) {
  try {
    collect();
    mark_runs();
  } catch (...) {
    restore_marks();
    throw;
  }
}

BackwardPass::~BackwardPass() { restore_marks(); }

void BackwardPass::restore_marks() noexcept {
  for (const Entry& entry : entries_) {
    entry.node->pass_ = entry.outer_pass;
    entry.node->slot_ = entry.outer_slot;
  }
}

void BackwardPass::collect() {
  const auto enters = [&](Node& node) {
    const bool is_new = node.pass_ != id_ && node.number() >= lowest_number_;
    if (is_new) {
      entries_.push_back({&node, node.pass_, node.slot_});
      node.pass_ = id_;
    }
    return is_new;
  };
  walk_graph(roots_, enters, [](const Node&) {});
  const auto later = [](const Entry& a, const Entry& b) { return a.node->number() > b.node->number(); };
  if (!std::is_sorted(entries_.begin(), entries_.end(), later)) {
    std::sort(entries_.begin(), entries_.end(), later);
  }
  size_t outputs = 0;
  for (size_t i = 0; i < entries_.size(); ++i) {
    entries_[i].node->slot_ = static_cast<int64_t>(i);
    entries_[i].first = outputs;
    outputs += entries_[i].node->outputs().size();
  }
  gradients_.resize(outputs);
}

void BackwardPass::mark_targets(const std::vector<Variable>& targets) {
  for (const Variable& target : targets) {
    if (target.is_leaf()) {
      leaf_of(Pointer<VariableState>::share(target.state()));
      continue;
    }
    const Node* node = target.node().get();
    if (node->pass_ == id_) {
      entries_[static_cast<size_t>(node->slot_)].has_target = true;
    }
  }
}

void BackwardPass::mark_runs() {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    const std::vector<Edge>& edges = entry->node->edges();
    entry->runs = std::any_of(edges.begin(), edges.end(), [this](const Edge& edge) { return wants(edge); });
  }
}

bool BackwardPass::wants(const Edge& edge) const {
  if (is_outside(edge)) {
    return outer_->wants(edge);
  }
  if (edge.leaf) {
    return all_leaves_ || leaf_index_.contains(edge.leaf.get());
  }
  if (!edge.node || edge.node->pass_ != id_) {
    return false;
  }
  const Entry& entry = entry_of(*edge.node);
  return entry.runs || (entry.has_target && is_target(*edge.node, edge.index));
}

bool BackwardPass::is_target(const Node& node, int64_t output) const {
  return std::any_of(targets_.begin(), targets_.end(), [&](const Variable& target) {
    return target.node().get() == &node && target.output_index() == output;
  });
}

BackwardPass::Leaf& BackwardPass::leaf_of(const Pointer<VariableState>& state) {
  const auto [place, is_new] = leaf_index_.try_emplace(state.get(), leaves_.size());
  if (is_new) {
    leaves_.push_back({state, {}});
  }
  return leaves_[place->second];
}

void BackwardPass::run(std::vector<Variable> root_gradients) {
  const GradMode mode(settings_.create_graph);
  for (size_t i = 0; i < roots_.size(); ++i) {
    const Variable& root = roots_[i];
    if (root.is_leaf()) {
      if (all_leaves_ || leaf_index_.contains(root.state())) {
        accumulate(leaf_of(Pointer<VariableState>::share(root.state())).gradient, std::move(root_gradients[i]));
      }
    } else if (root.node()->pass_ == id_) {
      accumulate(gradient_at(*root.node(), root.output_index()), std::move(root_gradients[i]));
    }
  }
  for (const Entry& entry : entries_) {
    execute(entry);
  }
  for (Leaf& leaf : leaves_) {
    if (leaf.gradient.defined() && leaf.state->hooks) {
      const auto hooks = *leaf.state->hooks;  // a hook may remove itself
      for (const auto& [number, hook] : hooks) {
        apply_hook(hook, leaf.gradient);
      }
    }
  }
}

void BackwardPass::apply_hooks(const Entry& entry) {
  if (!entry.node->hooks_) {
    return;
  }
  const auto hooks = *entry.node->hooks_;  // a hook may remove itself
  for (const Node::Hook& hook : hooks) {
    Variable& gradient = gradients_of(entry)[static_cast<size_t>(hook.output_index)];
    if (gradient.defined()) {
      apply_hook(hook.call, gradient);
    }
  }
}

void BackwardPass::execute(const Entry& entry) {
  Node& node = *entry.node;
  const std::span<Variable> incoming = gradients_of(entry);
  if (std::none_of(incoming.begin(), incoming.end(), [](const Variable& each) { return each.defined(); })) {
    return;
  }
  apply_hooks(entry);
  if (!entry.runs) {
    return;
  }
  if (!node.has_saved()) [[unlikely]] {
    fail<GraphError>(describe(node),
                     "what it saved was freed by an earlier backward; pass retain_graph = true to that one");
  }
  Gradients gradients = call_backward(node, BackwardContext(node, incoming, *this));
  if (gradients.size() != node.edges().size()) [[unlikely]] {
    fail<GraphError>(describe(node), "must return ", node.edges().size(), " gradients, one per input, got ",
                     gradients.size());
  }
  if (!entry.has_target) {
    std::fill(incoming.begin(), incoming.end(), Variable());
  }
  for (size_t i = 0; i < gradients.size(); ++i) {
    send(node, i, std::move(gradients[i]));
  }
  if (!settings_.retain_graph) {
    node.release_saved();
  }
}

void BackwardPass::send(const Node& from, size_t input, Variable gradient) {
  const Edge& edge = from.edges()[input];
  if (!gradient.defined() || !wants(edge)) {
    return;
  }
  if (edge.leaf) {
    check_gradient(from, input, gradient, edge.leaf->value.shape(), edge.leaf->value.dtype());
  } else {
    const OutputInfo& info = edge.node->outputs()[static_cast<size_t>(edge.index)];
    check_gradient(from, input, gradient, info.shape, info.dtype);
  }
  receive(edge, std::move(gradient));
}

void BackwardPass::receive(const Edge& edge, Variable gradient) {
  if (is_outside(edge)) {
    outer_->receive(edge, std::move(gradient));
  } else if (edge.leaf) {
    accumulate(leaf_of(edge.leaf).gradient, std::move(gradient));
  } else {
    accumulate(gradient_at(*edge.node, edge.index), std::move(gradient));
  }
}

void BackwardPass::accumulate(Variable& sum, Variable gradient) const {
  if (!sum.defined()) {
    sum = std::move(gradient);
  } else if (!settings_.create_graph && owns_memory(sum)) {
    add_(sum.mutable_value(), gradient.value());
  } else {
    sum = add(sum, gradient);
  }
}

Variable BackwardPass::target_gradient(size_t i) {
  const Variable& target = targets_[i];
  if (target.is_leaf()) {
    return leaf_of(Pointer<VariableState>::share(target.state())).gradient;
  }
  const Node& node = *target.node();
  return node.pass_ == id_ ? gradient_at(node, target.output_index()) : Variable();
}

void BackwardPass::write_leaves() {
  // Everything that can throw comes before the writing: a failure leaves every grad() as it was.
  std::vector<Leaf> written;
  for (Leaf& leaf : leaves_) {
    if (leaf.gradient.defined() && leaf.state->requires_grad) {  // it may have been frozen since the forward
      written.push_back(std::move(leaf));
    }
  }
  std::vector<Tensor> old, sums;
  do {
    old = gradients_in(written);
    sums.clear();
    for (size_t i = 0; i < written.size(); ++i) {
      const Variable& gradient = written[i].gradient;
      sums.push_back(old[i].defined()        ? add(old[i], gradient.value())
                     : owns_memory(gradient) ? gradient.value()
                                             : clone(gradient.value()));
    }
  } while (!replace_gradients(written, old, sums));
}

std::vector<Tensor> BackwardPass::gradients_in(const std::vector<Leaf>& leaves) {
  const std::lock_guard lock(writing);
  std::vector<Tensor> gradients;
  for (const Leaf& leaf : leaves) {
    gradients.push_back(leaf.state->grad);
  }
  return gradients;
}

bool BackwardPass::replace_gradients(const std::vector<Leaf>& leaves, const std::vector<Tensor>& old,
                                     std::vector<Tensor>& sums) {
  const std::lock_guard lock(writing);
  for (size_t i = 0; i < leaves.size(); ++i) {
    const Tensor& now = leaves[i].state->grad;
    if (now.defined() != old[i].defined() || (now.defined() && !now.storage().same_as(old[i].storage()))) {
      return false;
    }
  }
  for (size_t i = 0; i < leaves.size(); ++i) {
    std::swap(leaves[i].state->grad, sums[i]);
  }
  return true;
}

}  // namespace heed::detail
