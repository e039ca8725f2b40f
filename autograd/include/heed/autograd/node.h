// Node: a recorded operation; and make_variable, the one way to record one, for heed's own operations and for users':
//
//   const Tensor y = exp(x.value());
//   return make_variable("exp", y, {x}, [out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
//     return {context.grad() * out.unpack(context)};
//   });
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
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

/// Nodes alive in this process: 0 between training steps, or something keeps a graph.
int64_t live_nodes();

/// A recorded operation with n inputs and m outputs. Reference-counted; freed by a loop, not by recursion.
class Node {
 public:
  Node(const char* name, std::span<const Variable> inputs);
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

/// Records an operation `name` (a string literal) that computed `values` from `inputs`. `backward` is called as
/// `Gradients backward(const BackwardContext&)`, written in Variable operations (so that gradients of gradients come
/// free), and returns a gradient for each input, of that input's shape and dtype. Nothing is recorded when no input
/// requires a gradient or recording is off.
template <class Backward>
std::vector<Variable> make_variables(const char* name, std::vector<Tensor> values, std::span<const Variable> inputs,
                                     Backward backward) {
  detail::watch(name, values, inputs);
  std::vector<Variable> outputs;
  outputs.reserve(values.size());
  if (!detail::should_record(inputs)) {
    for (Tensor& value : values) {
      outputs.emplace_back(std::move(value));
    }
    return outputs;
  }
  const auto node = NodePointer::adopt(new detail::FunctionNode<Backward>(name, inputs, std::move(backward)));
  for (Tensor& value : values) {
    outputs.push_back(node->add_output(std::move(value)));
  }
  return outputs;
}

/// make_variables for an operation with one output.
template <class Backward>
Variable make_variable(const char* name, Tensor value, std::span<const Variable> inputs, Backward backward) {
  detail::watch(name, {&value, 1}, inputs);
  if (!detail::should_record(inputs)) {
    return Variable(std::move(value));
  }
  const auto node = NodePointer::adopt(new detail::FunctionNode<Backward>(name, inputs, std::move(backward)));
  return node->add_output(std::move(value));
}
template <class Backward>
Variable make_variable(const char* name, Tensor value, std::initializer_list<Variable> inputs, Backward backward) {
  return make_variable(name, std::move(value), std::span(inputs.begin(), inputs.size()), std::move(backward));
}

}  // namespace heed
