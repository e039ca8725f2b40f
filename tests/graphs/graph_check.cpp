// Checks a random program along a random direction v: <gradient, v> is what differences of its results give.
#include "graphs/graph_check.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <sstream>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/reduce.h>

namespace heed::test {
namespace {

using Tensors = std::vector<Tensor>;
using Variables = std::vector<Variable>;

Variables variables_of(const Tensors& values) {
  Variables variables;
  for (const Tensor& value : values) {
    variables.emplace_back(value, true);
  }
  return variables;
}

/// Random tensors of the shapes of `like`, in [-1, 1).
template <class X>
Tensors random_like(const std::vector<X>& like, uint64_t seed) {
  Tensors result;
  for (const X& each : like) {
    result.push_back(random_tensor(each.shape(), static_cast<uint32_t>(seed++ * 2654435761U), DType::float64, -1, 1));
  }
  return result;
}

/// Gradients of Σ outputs·cotangents, zeros where there is none.
Variables gradients(const Variables& outputs, const Variables& inputs, const Tensors& cotangents, bool create_graph) {
  Variables roots, fed;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].requires_grad()) {
      roots.push_back(outputs[i]);
      fed.emplace_back(cotangents[i]);
    }
  }
  Variables result(inputs.size());
  if (!roots.empty()) {
    result = grad(roots, inputs, {.gradients = fed, .create_graph = create_graph, .allow_unused = true});
  }
  for (size_t i = 0; i < result.size(); ++i) {
    result[i] = result[i].defined() ? result[i] : Variable(zeros_like(inputs[i].value()));
  }
  return result;
}

double dot(const Tensor& a, const Tensor& b) {
  const std::vector<double> x = values(a), y = values(b);
  double total = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    total += x[i] * y[i];
  }
  return total;
}

Tensors moved(const Tensors& x, const Tensors& direction, double step) {
  Tensors result;
  for (size_t i = 0; i < x.size(); ++i) {
    result.push_back(x[i] + direction[i] * step);
  }
  return result;
}

/// A function of the leaves, and what its values are weighed with.
struct Slope {
  std::function<Tensors(const Tensors&)> function;
  Tensors x, direction, weights;

  /// (f(x + to·v) - f(x + from·v)) / (to - from), weighed.
  double between(double from, double to) const {
    const Tensors low = function(moved(x, direction, from)), high = function(moved(x, direction, to));
    double total = 0;
    for (size_t i = 0; i < low.size(); ++i) {
      total += dot(high[i] - low[i], weights[i]);
    }
    return total / (to - from);
  }
};

/// The derivative along the direction, at other values of the leaves.
using Derivative = std::function<double(const Tensors&)>;

/// Whether `slope` is `expected` for some step; a bend within the step spoils single ones. No step agrees, although
/// slopes to both sides do, and the derivative is the same beside x: wrong. Otherwise there is a bend at x itself, such
/// as that of the deviation of elements that are equal but for rounding.
GraphVerdict compare(const char* what, double expected, double scale, const Slope& slope,
                     const Derivative& derivative) {
  double found = 0;
  for (const double step : {1e-5, 1e-6, 1e-7}) {
    found = slope.between(-step, step);
    if (std::abs(found - expected) <= 1e-5 * std::max(1.0, scale)) {
      return {};
    }
  }
  constexpr double kStep = 1e-6;
  const double left = slope.between(-kStep, 0), right = slope.between(0, kStep);
  const double beside = derivative(moved(slope.x, slope.direction, kStep));
  const double bend = std::max(std::abs(left - right), std::abs(beside - expected));
  if (bend > 1e-3 * std::max(1.0, scale) || !std::isfinite(bend)) {
    return {true, true, ""};
  }
  std::ostringstream text;
  text.precision(12);
  text << what << ": the gradient gives " << expected << ", differences give " << found;
  return {false, false, text.str()};
}

double size_of(const Tensors& gradient, const Tensors& direction) {
  double size = 0;
  for (size_t i = 0; i < gradient.size(); ++i) {
    size += dot(abs(gradient[i]), abs(direction[i]));
  }
  return size;
}

double along(const Tensors& gradient, const Tensors& direction) {
  double total = 0;
  for (size_t i = 0; i < gradient.size(); ++i) {
    total += dot(gradient[i], direction[i]);
  }
  return total;
}

Tensors values_of(const Variables& variables) {
  Tensors result;
  for (const Variable& each : variables) {
    result.push_back(each.value());
  }
  return result;
}

GraphVerdict compare_composite(const Tensors& fused, const Tensors& composite) {
  for (size_t leaf = 0; leaf < fused.size(); ++leaf) {
    const std::vector<double> a = values(fused[leaf]), b = values(composite[leaf]);
    double largest = 1;
    for (const double value : a) {
      largest = std::max(largest, std::abs(value));
    }
    for (size_t i = 0; i < a.size(); ++i) {
      if (!(std::abs(a[i] - b[i]) <= 1e-9 * largest)) {
        std::ostringstream text;
        text << "leaf " << leaf << ", element " << i << ": the gradient is " << a[i] << ", with a graph " << b[i];
        return {false, false, text.str()};
      }
    }
  }
  return {};
}

/// Of the gradients themselves.
GraphVerdict check_second(const RandomProgram& program, const Variables& leaves, const Variables& recorded,
                          const Tensors& cotangents, const Tensors& direction, uint64_t seed) {
  const Tensors weights = random_like(recorded, seed + 200);
  const Tensors second = values_of(gradients(recorded, leaves, weights, false));
  const auto first_gradients = [&](const Tensors& x) {
    const Variables at = variables_of(x);
    return values_of(gradients(program(at), at, cotangents, false));
  };
  const auto derivative = [&](const Tensors& x) {
    const Variables at = variables_of(x);
    return along(values_of(gradients(gradients(program(at), at, cotangents, true), at, weights, false)), direction);
  };
  const double scale = size_of(second, direction) + size_of(values_of(recorded), weights);
  return compare("second derivative", along(second, direction), scale,
                 {first_gradients, program.leaves(), direction, weights}, derivative);
}

}  // namespace

std::vector<Tensor> gradients_of(const RandomProgram& program, uint64_t seed) {
  const Variables leaves = variables_of(program.leaves());
  const Variables outputs = program(leaves);
  return values_of(gradients(outputs, leaves, random_like(outputs, seed), false));
}

GraphVerdict check_graph(const RandomProgram& program, uint64_t seed) {
  const Variables leaves = variables_of(program.leaves());
  const Variables outputs = program(leaves);
  const Tensors cotangents = random_like(outputs, seed);
  const Tensors direction = random_like(program.leaves(), seed + 100);
  const Variables recorded = gradients(outputs, leaves, cotangents, true);
  const Tensors gradient = gradients_of(program, seed);
  const GraphVerdict composite = compare_composite(gradient, values_of(recorded));
  if (!composite.ok) {
    return composite;
  }
  const auto results = [&](const Tensors& x) {
    const NoGrad no_grad;
    return values_of(program(variables_of(x)));
  };
  const auto derivative = [&](const Tensors& x) {
    const Variables at = variables_of(x);
    return along(values_of(gradients(program(at), at, cotangents, false)), direction);
  };
  const double scale = size_of(gradient, direction) + size_of(values_of(outputs), cotangents);
  const GraphVerdict first = compare("first derivative", along(gradient, direction), scale,
                                     {results, program.leaves(), direction, cotangents}, derivative);
  if (!first.ok || first.kink) {
    return first;
  }
  return check_second(program, leaves, recorded, cotangents, direction, seed);
}

}  // namespace heed::test
