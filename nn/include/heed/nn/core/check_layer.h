// check_layer: tests a layer, heed's own or a user's, in one call.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <heed/autograd/gradcheck.h>
#include <heed/nn/core/module.h>

namespace heed {

struct CheckLayerOptions {
  GradcheckOptions gradcheck{};
  bool second_order = false;  ///< gradients of gradients too, of a layer that promises them
  /// int64 (B), each 1 … T, for a layer of sequences: `forward` must tell the layer so (its lengths, or a mask), and
  /// the inputs that `sequences` numbers are (B, T, …).
  Tensor lengths{};
  std::vector<int64_t> sequences{0};
};

struct CheckLayerResult {
  bool ok = true;
  std::string message;  ///< what is wrong, and with which input, parameter or output
  explicit operator bool() const { return ok; }
};

namespace detail {
struct LayerUnderTest {
  std::function<std::unique_ptr<Module>()> make;
  std::function<std::vector<Variable>(Module&, const std::vector<Variable>&)> forward;
};
CheckLayerResult run_check_layer(const LayerUnderTest& layer, const std::vector<Tensor>& inputs,
                                 const CheckLayerOptions& options);
}  // namespace detail

/// `make()` gives a new layer (a std::unique_ptr, values drawn from default_generator()), `forward(layer, inputs)` its
/// outputs, a std::vector<Variable>. In float64, whatever dtype floating inputs have:
///   - gradients of floating inputs and of all parameters against differences of values, in evaluation mode; every
///     parameter must have a part in some output, and every leaf that is trained must be registered;
///   - where wanted, gradients of gradients;
///   - evaluation mode gives the same bits each time, and so does training mode from one state of default_generator();
///   - a state dict, copied, brings another new layer, whose values were different, to the same output bits;
///   - forward opens a NameScope of its path(), so that errors and what is recorded have its name;
///   - with lengths: what stands past a sequence's length, even NaN, changes no bit of an output and gets no gradient,
///     and three more steps of padding change no bit either (an output that grows with T is compared on the old steps).
///
///   const auto forward = [](Gate& gate, const std::vector<Variable>& x) { return std::vector{gate.forward(x[0])}; };
///   const CheckLayerResult result = check_layer([] { return std::make_unique<Gate>(5); }, forward, {randn({2, 5})});
template <class Make, class Forward>
CheckLayerResult check_layer(const Make& make, const Forward& forward, const std::vector<Tensor>& inputs,
                             const CheckLayerOptions& options = {}) {
  using Layer = typename std::invoke_result_t<const Make&>::element_type;
  return detail::run_check_layer(
      {make,
       [&forward](Module& module, const std::vector<Variable>& x) { return forward(dynamic_cast<Layer&>(module), x); }},
      inputs, options);
}

}  // namespace heed
