// Central differences against grad().
#include <heed/autograd/gradcheck.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/overlap.h>
#include <heed/tensor/random.h>
#include <heed/tensor/text_stream.h>

namespace heed {
namespace {

constexpr const char* kNothingToDifferentiate = "no output depends on an input that requires a gradient";

/// An input that is moved must not move another along with it.
void require_apart(const std::vector<Variable>& inputs) {
  for (const Variable& moved : inputs) {
    for (const Variable& other : inputs) {
      check(!moved.requires_grad() || !other.defined() || moved.same_as(other) ||
                !shares_memory(moved.value(), other.value()),
            "gradcheck", "inputs moved in place must not share memory with others");
    }
  }
}

/// Leaves whose single elements can be moved: with storage of their own, unless the inputs themselves are to be moved.
std::vector<Variable> leaves_of(const std::vector<Variable>& inputs, bool in_place) {
  if (in_place) {
    require_apart(inputs);
  }
  std::vector<Variable> leaves;
  for (const Variable& input : inputs) {
    if (!input.requires_grad()) {
      leaves.push_back(input);
      continue;
    }
    check<DTypeError>(input.dtype() == DType::float64, "gradcheck", "inputs must be float64, got ", input.dtype());
    check(!in_place || (input.is_leaf() && input.value().is_contiguous()), "gradcheck",
          "inputs moved in place must be contiguous leaves");
    leaves.push_back(in_place ? input : Variable(clone(input.value()), true));
  }
  return leaves;
}

/// "input 2", or its name.
std::string name_of_input(const GradcheckOptions& options, size_t input) {
  return input < options.names.size() ? options.names[input] : "input " + std::to_string(input);
}

double weighted_sum(const std::vector<Variable>& outputs, const std::vector<Tensor>& weights) {
  double total = 0;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!weights[i].defined()) {
      continue;
    }
    const std::vector<double> values = outputs[i].value().to_vector<double>();
    const std::vector<double> factors = weights[i].to_vector<double>();
    for (size_t k = 0; k < values.size(); ++k) {
      total += values[k] * factors[k];
    }
  }
  return total;
}

/// Restores a moved element, even if the function throws.
struct Restore {
  double* place;
  double value;
  ~Restore() { *place = value; }
};

struct Comparison {
  const VariableFunction& function;
  const GradcheckOptions& options;
  std::vector<Variable> leaves;
  std::vector<Tensor> cotangents;  // one per output; undefined where there is no gradient

  /// The slope of Σ outputs·cotangents along one element of a leaf.
  double slope(Tensor& leaf, int64_t element) const {
    double* place = leaf.mutable_data<double>() + element;
    const double middle = *place;
    const Restore restore{place, middle};
    const NoGrad no_grad;
    *place = middle + options.eps;
    const double above = weighted_sum(function(leaves), cotangents);
    *place = middle - options.eps;
    const double below = weighted_sum(function(leaves), cotangents);
    return (above - below) / (2 * options.eps);
  }

  /// All elements of a leaf, or as many as options.elements, in random places.
  std::vector<int64_t> compared_elements(size_t input, int64_t count) const {
    std::vector<int64_t> elements(static_cast<size_t>(count));
    std::iota(elements.begin(), elements.end(), 0);
    if (options.elements > 0 && options.elements < count) {
      Generator generator(options.seed, 0x706c6163 + input);
      for (int64_t i = 0; i < options.elements; ++i) {
        std::swap(elements[static_cast<size_t>(i)], elements[static_cast<size_t>(i + generator.below(count - i))]);
      }
      elements.resize(static_cast<size_t>(options.elements));
    }
    return elements;
  }

  GradcheckResult compare(size_t input, const Variable& gradient) const {
    Tensor leaf = leaves[input].value();
    const std::vector<double> claimed = gradient.defined() ? gradient.value().to_vector<double>()
                                                           : std::vector<double>(static_cast<size_t>(leaf.numel()));
    for (const int64_t k : compared_elements(input, leaf.numel())) {
      const double expected = slope(leaf, k);
      const double got = claimed[static_cast<size_t>(k)];
      // Written so that a NaN on either side fails.
      if (!(std::abs(got - expected) <= options.atol + options.rtol * std::abs(expected))) {
        TextStream text;
        text.precision(10);
        text << "gradient of " << name_of_input(options, input) << " " << leaf.shape() << ", element " << k << ": got "
             << got << ", differences say " << expected;
        return {false, text.str()};
      }
    }
    return {};
  }
};

/// `constants`: an output without a graph counts as one whose gradient is zero everywhere, which differences must say
/// as well.
GradcheckResult compare_all(const VariableFunction& function, const std::vector<Variable>& inputs,
                            const GradcheckOptions& options, bool constants) {
  Comparison comparison{function, options, leaves_of(inputs, options.in_place), {}};
  Generator generator(options.seed, 0x67726164);
  std::vector<Variable> outputs, gradients, wanted;
  for (const Variable& output : function(comparison.leaves)) {
    comparison.cotangents.emplace_back();
    if (constants || output.requires_grad()) {
      comparison.cotangents.back() = randn(output.shape(), DType::float64, generator);
    }
    if (output.requires_grad()) {
      outputs.push_back(output);
      gradients.emplace_back(comparison.cotangents.back());
    }
  }
  std::vector<size_t> places;
  for (size_t i = 0; i < comparison.leaves.size(); ++i) {
    if (comparison.leaves[i].requires_grad()) {
      places.push_back(i);
      wanted.push_back(comparison.leaves[i]);
    }
  }
  if (outputs.empty() && !constants) {
    return {false, kNothingToDifferentiate};
  }
  const std::vector<Variable> claimed = outputs.empty()
                                            ? std::vector<Variable>(wanted.size())
                                            : grad(outputs, wanted, {.gradients = gradients, .allow_unused = true});
  for (size_t i = 0; i < places.size(); ++i) {
    if (GradcheckResult result = comparison.compare(places[i], claimed[i]); !result) {
      return result;
    }
  }
  return {};
}

/// Gradients are the same with and without a graph of their own: a fused operation computes them in two ways.
GradcheckResult compare_ways(const VariableFunction& function, const std::vector<Variable>& inputs,
                             const GradcheckOptions& options) {
  Generator generator(options.seed, 0x67726168);
  std::vector<Variable> outputs, given, wanted;
  for (const Variable& output : function(inputs)) {
    if (output.requires_grad()) {
      outputs.push_back(output);
      given.emplace_back(randn(output.shape(), output.dtype(), generator));
    }
  }
  std::vector<std::string> names;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].requires_grad()) {
      wanted.push_back(inputs[i]);
      names.push_back(name_of_input(options, i));
    }
  }
  const auto run = [&](bool create_graph) {
    return grad(outputs, wanted,
                {.gradients = given, .create_graph = create_graph, .retain_graph = true, .allow_unused = true});
  };
  const std::vector<Variable> plain = run(false), recorded = run(true);
  for (size_t i = 0; i < wanted.size(); ++i) {
    const Tensor nothing = zeros_like(wanted[i].value());
    const std::vector<double> a = (plain[i].defined() ? plain[i].value() : nothing).to_vector<double>();
    const std::vector<double> b = (recorded[i].defined() ? recorded[i].value() : nothing).to_vector<double>();
    for (size_t k = 0; k < a.size(); ++k) {
      if (!(std::abs(a[k] - b[k]) <= options.atol + options.rtol * std::abs(a[k]))) {
        TextStream text;
        text.precision(10);
        text << "gradient of " << names[i] << ", element " << k << ": got " << a[k] << ", and " << b[k]
             << " with create_graph";
        return {false, text.str()};
      }
    }
  }
  return {};
}

}  // namespace

GradcheckResult gradcheck(const VariableFunction& function, const std::vector<Variable>& inputs,
                          const GradcheckOptions& options) {
  return compare_all(function, inputs, options, /*constants=*/false);
}

GradcheckResult gradgradcheck(const VariableFunction& function, const std::vector<Variable>& inputs,
                              const GradcheckOptions& options) {
  const size_t count = inputs.size();
  Generator generator(options.seed, 0x67726167);
  std::vector<Variable> all = inputs;
  std::vector<bool> differentiable;
  {
    for (const Variable& output : function(inputs)) {
      differentiable.push_back(output.requires_grad());
      if (output.requires_grad()) {
        all.emplace_back(randn(output.shape(), DType::float64, generator), true);
      }
    }
  }
  if (all.size() == count) {
    return {false, kNothingToDifferentiate};
  }
  const VariableFunction first_order = [&](const std::vector<Variable>& arguments) {
    const std::vector<Variable> leading(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(count));
    std::vector<Variable> outputs, wanted;
    // Differences are taken with recording off, but first-order gradients need a graph even then.
    const GradMode recording(true);
    const std::vector<Variable> computed = function(leading);
    for (size_t i = 0; i < computed.size(); ++i) {
      if (differentiable[i]) {
        outputs.push_back(computed[i]);
      }
    }
    for (const Variable& input : leading) {
      if (input.requires_grad()) {
        wanted.push_back(input);
      }
    }
    const std::vector<Variable> given(arguments.begin() + static_cast<std::ptrdiff_t>(count), arguments.end());
    std::vector<Variable> results =
        grad(outputs, wanted, {.gradients = given, .create_graph = true, .allow_unused = true});
    std::erase_if(results, [](const Variable& result) { return !result.defined(); });
    return results;
  };
  if (GradcheckResult result = compare_ways(function, inputs, options); !result) {
    return result;
  }
  GradcheckOptions second = options;
  second.seed += 1;
  for (size_t i = second.names.size(); i < all.size(); ++i) {
    second.names.push_back(i < count ? "input " + std::to_string(i) : "the gradient given for an output");
  }
  return compare_all(first_order, all, second, /*constants=*/true);
}

}  // namespace heed
