// Variable: a Tensor in a graph. Operations on Variables (the same names as on Tensors) record how they were computed,
// so that backward.h can differentiate them. How an operation is recorded: node.h.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include <heed/autograd/detail/lifetime.h>
#include <heed/autograd/detail/pointer.h>
#include <heed/tensor/tensor.h>

namespace heed {

class Node;
class Variable;

namespace detail {
struct VariableState;
void add_reference(VariableState* state) noexcept;
void remove_reference(VariableState* state) noexcept;
}  // namespace detail
void add_reference(Node* node) noexcept;
void remove_reference(Node* node) noexcept;

using NodePointer = detail::Pointer<Node>;
/// Receives a Variable's gradient once it is complete; what it returns replaces it, unless that is undefined.
using GradientHook = std::function<Variable(const Variable& gradient)>;

/// A handle: copies are the same variable. A default-constructed one is undefined ("no bias", "no mask").
/// A leaf is one that no recorded operation made; leaves with requires_grad() get .grad() from backward().
class Variable {
 public:
  Variable() = default;
  /// A leaf. Implicit, so that data can stand where a Variable is wanted.
  /// Throws DTypeError when a gradient is wanted for anything but float32 or float64, GraphError for an undefined
  /// value.
  Variable(Tensor value, bool requires_grad = false);  // NOLINT(google-explicit-constructor)

  bool defined() const { return static_cast<bool>(state_); }
  /// Undefined where the Variable is: operations say in their own name that they need a defined one.
  const Tensor& value() const;
  const Shape& shape() const { return value().shape(); }
  DType dtype() const { return value().dtype(); }
  int64_t rank() const { return value().rank(); }
  int64_t numel() const { return value().numel(); }
  int64_t size(int64_t dim) const { return value().size(dim); }
  /// The only element. Throws ShapeError unless there is exactly one.
  template <class T = double>
  T item() const {
    return value().item<T>();
  }

  bool requires_grad() const;
  bool is_leaf() const;
  /// Counts for graphs that are there already: of a leaf with false nothing is accumulated. Throws GraphError unless
  /// this is a leaf, DTypeError as the constructor.
  void set_requires_grad(bool requires_grad);

  /// What backward() has accumulated in this leaf, or in this Variable after retain_grad(); undefined before the first
  /// time and after zero_grad().
  const Tensor& grad() const;
  void set_grad(Tensor grad);
  void zero_grad();
  /// Makes backward() accumulate into grad() although this is no leaf. Throws GraphError unless requires_grad().
  void retain_grad();

  /// The same value, not differentiated through.
  Variable detach() const;
  /// The leaf's tensor, for writing by optimisers and loaders. Graphs that saved it refuse to run backward afterwards.
  Tensor& mutable_value();
  /// Replaces a leaf's tensor; a gradient of another shape or dtype is dropped. Throws GraphError unless
  /// this is a leaf and the tensor defined, DTypeError as the constructor.
  void set_value(Tensor value);

  /// Calls `hook` with this variable's gradient each time backward computes it. Returns a number for remove_hook.
  /// Throws GraphError unless requires_grad().
  int64_t register_hook(GradientHook hook);
  void remove_hook(int64_t number);

  /// What made it; null for a leaf.
  const NodePointer& node() const;
  /// Which of its node's outputs this is.
  int64_t output_index() const;

  /// For the engine: output `index` of `node`.
  static Variable output_of(NodePointer node, int64_t index, Tensor value);
  detail::VariableState* state() const { return state_.get(); }
  bool same_as(const Variable& other) const { return state_.get() == other.state_.get(); }
  /// For owners of this handle's address: reports when the handle is destroyed, whatever it holds by then.
  detail::Watch watch() { return lifetime_.watch(); }

 private:
  void require_defined(const char* member) const;

  detail::Pointer<detail::VariableState> state_;
  detail::Lifetime lifetime_;
};

}  // namespace heed
