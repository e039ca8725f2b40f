// The engine's graph node: what make_variable records, what backward runs through. Users record operations with
// heed/autograd/node.h and do not need it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <heed/autograd/saved.h>
#include <heed/autograd/variable.h>

namespace heed {

namespace detail {
/// Where a gradient goes: an output of an earlier node, a leaf, or nowhere.
struct Edge {
  NodePointer node;
  int64_t index = 0;
  Pointer<VariableState> leaf;
  bool exists() const { return node || leaf; }
};

struct OutputInfo {
  Shape shape;
  DType dtype = DType::float32;
};
}  // namespace detail

/// A recorded operation with n inputs and m outputs. Reference-counted; freed by a loop, not by recursion.
class Node {
 public:
  Node(const char* name, std::span<const Variable> inputs);
  Node(const char* name, std::vector<detail::Edge> edges);
  virtual ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  virtual Gradients apply(const BackwardContext& context) = 0;
  /// Frees what was saved for backward.
  virtual void release_saved() noexcept = 0;
  virtual bool has_saved() const noexcept = 0;

  const char* name() const { return name_; }
  /// The path of the module that recorded it, where anomaly mode was on.
  const std::string& scope() const;
  /// True when it was recorded in anomaly mode.
  bool watched() const { return scope_ != nullptr; }
  const std::vector<detail::Edge>& edges() const { return edges_; }
  const std::vector<detail::OutputInfo>& outputs() const { return outputs_; }
  /// Later nodes have larger numbers, so that a node's number is above those of all its inputs' nodes.
  uint64_t number() const { return number_; }
  /// A Variable that is this node's next output.
  Variable add_output(Tensor value);

 private:
  friend class detail::BackwardPass;
  friend class Variable;
  friend void add_reference(Node*) noexcept;
  friend void remove_reference(Node*) noexcept;
  struct Hook {
    int64_t output_index;
    int64_t number;
    GradientHook call;
  };

  const char* name_;
  uint64_t number_;
  std::atomic<int64_t> references_{1};
  Node* next_dead_ = nullptr;
  std::vector<detail::Edge> edges_;
  std::vector<detail::OutputInfo> outputs_;
  std::unique_ptr<std::vector<Hook>> hooks_;
  std::unique_ptr<std::string> scope_;
  // Where the backward pass that is at work keeps this node's gradients; see backward.cpp.
  uint64_t pass_ = 0;
  int64_t slot_ = 0;
};

namespace detail {

bool should_record(std::span<const Variable> inputs);
/// In anomaly mode, throws when a value is not finite.
void watch(const char* name, std::span<const Tensor> values, std::span<const Variable> inputs);

template <class Backward>
class FunctionNode final : public Node {
 public:
  FunctionNode(const char* name, std::span<const Variable> inputs, Backward backward)
      : Node(name, inputs), backward_(std::move(backward)) {}
  Gradients apply(const BackwardContext& context) override { return (*backward_)(context); }
  void release_saved() noexcept override { backward_.reset(); }
  bool has_saved() const noexcept override { return backward_.has_value(); }

 private:
  std::optional<Backward> backward_;
};

}  // namespace detail

}  // namespace heed
