// One pass through a graph, from outputs back to the inputs they were computed from.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include <heed/autograd/node.h>
#include <heed/autograd/variable.h>

namespace heed::detail {

/// Collects the nodes that it needs, runs them in descending order of number (all users of a value come before the node
/// that made it), and sums the gradients of each. During a pass, nodes hold the index of their gradients; a pass that
/// starts inside another's backward function restores the outer pass's marks when it ends.
class BackwardPass {
 public:
  struct Settings {
    bool create_graph = false;
    bool retain_graph = false;
  };

  /// `targets`: the variables whose gradients are wanted; null for all leaves.
  BackwardPass(std::vector<Variable> roots, const std::vector<Variable>* targets, Settings settings);
  /// Within the backward function of a node of `outer`: through the nodes from number `first` on. What reaches leaves
  /// and earlier nodes is added to outer's sums, one by one.
  BackwardPass(std::vector<Variable> roots, BackwardPass& outer, uint64_t first);
  ~BackwardPass();
  BackwardPass(const BackwardPass&) = delete;
  BackwardPass& operator=(const BackwardPass&) = delete;

  void run(std::vector<Variable> root_gradients);
  /// Target i's gradient; undefined if none reached it.
  Variable target_gradient(size_t i);
  /// Adds each leaf's gradient into its grad(), which other threads may do at the same time.
  void write_leaves();
  /// True when the gradient along this edge is wanted.
  bool wants(const Edge& edge) const;

 private:
  struct Entry {
    Node* node;
    uint64_t outer_pass;
    int64_t outer_slot;
    size_t first = 0;         // where in gradients_ those of its outputs begin
    bool runs = false;        // leads to a target or a leaf that is wanted
    bool has_target = false;  // one of its outputs is a target
  };
  struct Leaf {
    Pointer<VariableState> state;
    Variable gradient;
  };

  static std::vector<Tensor> gradients_in(const std::vector<Leaf>& leaves);
  /// False, with nothing done, if another thread has changed one since `old` was read. `sums` are exchanged for them.
  static bool replace_gradients(const std::vector<Leaf>& leaves, const std::vector<Tensor>& old,
                                std::vector<Tensor>& sums);
  void restore_marks() noexcept;
  void collect();
  void mark_targets(const std::vector<Variable>& targets);
  void mark_runs();
  Leaf& leaf_of(const Pointer<VariableState>& state);
  void execute(const Entry& entry);
  void apply_hooks(const Entry& entry);
  /// The gradients of its outputs.
  std::span<Variable> gradients_of(const Entry& entry) {
    return {gradients_.data() + entry.first, entry.node->outputs().size()};
  }
  const Entry& entry_of(const Node& node) const { return entries_[static_cast<size_t>(node.slot_)]; }
  Variable& gradient_at(const Node& node, int64_t output) {
    return gradients_[entry_of(node).first + static_cast<size_t>(output)];
  }
  bool is_target(const Node& node, int64_t output) const;
  void send(const Node& from, size_t input, Variable gradient);
  void receive(const Edge& edge, Variable gradient);
  bool is_outside(const Edge& edge) const {
    return outer_ != nullptr && (edge.leaf || (edge.node && edge.node->pass_ != id_));
  }
  void accumulate(Variable& sum, Variable gradient) const;

  uint64_t id_;
  Settings settings_;
  bool all_leaves_ = false;
  BackwardPass* outer_ = nullptr;
  uint64_t lowest_number_ = 0;       // nodes below it cannot lead to a target
  std::vector<Entry> entries_;       // in the order of execution
  std::vector<Variable> gradients_;  // of all outputs of all entries
  std::vector<Leaf> leaves_;
  std::unordered_map<const VariableState*, size_t> leaf_index_;
  std::vector<Variable> roots_;  // keeps the graph alive, whatever hooks do
  std::vector<Variable> targets_;
};

}  // namespace heed::detail
