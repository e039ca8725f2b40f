// make_variable: the one way to record an operation, for heed's own operations and for users':
//
//   const Tensor y = exp(x.value());
//   return make_variable("exp", y, {x}, [out = Saved::output(y, 0)](const BackwardContext& context) -> Gradients {
//     return {context.grad() * out.unpack(context)};
//   });
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

#include <heed/autograd/detail/graph_node.h>

namespace heed {

/// Nodes alive in this process: 0 between training steps, or something keeps a graph.
int64_t live_nodes();

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
