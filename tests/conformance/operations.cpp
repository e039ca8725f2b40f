// The operations that cases name.
#include <algorithm>
#include <limits>

#include <heed/autograd/attention.h>
#include <heed/autograd/einsum.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/repeat.h>
#include <heed/autograd/selection.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/sort.h>
#include <heed/autograd/triangle.h>
#include <heed/autograd/vector_norm.h>
#include <heed/autograd/view.h>

#include "conformance/function.h"
#include "support/binary_functions.h"
#include "support/functions.h"

namespace heed::conformance {
namespace {

/// A function with one output, y.
template <class F>
Function single(F function) {
  return [function](Inputs& in, Arguments& args) -> Outputs { return {{"y", function(in, args)}}; };
}

Function unary(Variable (*function)(const Variable&)) {
  return single([function](Inputs& in, Arguments&) { return function(in["x"]); });
}

Function binary(Variable (*function)(const Variable&, const Variable&)) {
  return single([function](Inputs& in, Arguments&) { return function(in["x"], in["y"]); });
}

Function reduction(Variable (*function)(const Variable&, const Dims&, bool)) {
  return single([function](Inputs& in, Arguments& args) {
    const Variable x = in["x"];
    Dims all;
    for (int64_t axis = 0; axis < x.rank(); ++axis) {
      all.push_back(axis);
    }
    return function(x, args.has("dim") ? args.dims("dim") : all, args.get("keepdim", false));
  });
}

Function along(Variable (*function)(const Variable&, int64_t)) {
  return single([function](Inputs& in, Arguments& args) { return function(in["x"], args.get<int64_t>("dim")); });
}

Function joining(Variable (*function)(const std::vector<Variable>&, int64_t)) {
  return single([function](Inputs& in, Arguments& args) {
    return function({in["x"], in["y"]}, args.get<int64_t>("dim", 0));
  });
}

Variable gelu_named(Inputs& in, Arguments& args) {
  static const std::map<std::string, Gelu> kinds{{"none", Gelu::none}, {"tanh", Gelu::tanh}};
  return gelu(in["x"], look_up(kinds, args.get<std::string>("approximate", "none"), "gelu"));
}

Variable leaky_relu_of(Inputs& in, Arguments& args) { return leaky_relu(in["x"], args.get("negative_slope", 0.01)); }

Variable elu_of(Inputs& in, Arguments& args) { return elu(in["x"], args.get("alpha", 1.0)); }

Variable clamp_between(Inputs& in, Arguments& args) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return clamp(in["x"], args.get("min", -kInfinity), args.get("max", kInfinity));
}

Variable variance(Inputs& in, Arguments& args) {
  return var(in["x"], args.dims("dim"), args.get("unbiased", true), args.get("keepdim", false));
}

Variable deviation(Inputs& in, Arguments& args) {
  return stddev(in["x"], args.dims("dim"), args.get("unbiased", true), args.get("keepdim", false));
}

Variable norm_over(Inputs& in, Arguments& args) {
  const double p = args.is_text("p") ? std::numeric_limits<double>::infinity() : args.get("p", 2.0);
  return norm(in["x"], p, args.dims("dim"), args.get("keepdim", false));
}

/// Elements and where they stood.
Function ordered(std::function<SortResult<Variable>(const Variable&, Arguments&)> function) {
  return [function](Inputs& in, Arguments& args) -> Outputs {
    const SortResult<Variable> result = function(in["x"], args);
    return {{"y", result.values}, {"indices", Variable(result.indices)}};
  };
}

Variable einsum_of(Inputs& in, Arguments& args) {
  std::vector<Variable> operands{in["x"], in["y"]};
  if (in.has("z")) {
    operands.push_back(in["z"]);
  }
  return einsum(args.get<std::string>("equation"), operands);
}

Variable product(Inputs& in, Arguments& args) {
  const auto turned = [&](const char* input, const char* argument) {
    const Variable x = in[input];
    return args.get(argument, false) ? transpose(x, -2, -1) : x;
  };
  return matmul(turned("x", "transpose_x"), turned("y", "transpose_y"));
}

Variable cut(Inputs& in, Arguments& args) {
  const Variable x = in["x"];
  const auto dim = args.get<int64_t>("dim");
  return slice(x, dim, args.get<int64_t>("start", 0), args.get("stop", x.size(dim)), args.get<int64_t>("step", 1));
}

Outputs attention(Inputs& in, Arguments& args) {
  const Mask mask = Mask(in.data("mask")) | (args.get("is_causal", false) ? Mask::causal() : Mask());
  const bool need_weights = args.get("need_weights", true);
  const AttentionResult result = scaled_dot_product_attention(in["query"], in["key"], in["value"], mask);
  Outputs outputs{{"y", result.output}};
  if (need_weights) {
    outputs.emplace_back("weights", result.weights);
  }
  return outputs;
}

FunctionTable elementwise_table() {
  FunctionTable table{
      {"gelu", single(gelu_named)},
      {"clamp", single(clamp_between)},
      {"leaky_relu", single(leaky_relu_of)},
      {"elu", single(elu_of)},
      {"where", single([](Inputs& in, Arguments&) { return where(in["mask"].value(), in["x"], in["y"]); })},
      {"masked_fill", single([](Inputs& in, Arguments& args) {
         return masked_fill(in["x"], in["mask"].value(), args.get<double>("value"));
       })},
  };
  for (const auto& each : test::binary_functions<Variable>()) {
    table.emplace(each.name, binary(each.heed));
  }
  for (const auto& each : test::functions<Variable>()) {
    table.emplace(each.name, unary(each.heed));  // but for those above
  }
  return table;
}

FunctionTable reduction_table() {
  return {
      {"sum", reduction(sum)},
      {"mean", reduction(mean)},
      {"max", reduction(max)},
      {"min", reduction(min)},
      {"logsumexp", reduction(logsumexp)},
      {"var", single(variance)},
      {"std", single(deviation)},
      {"norm", single(norm_over)},
      {"cosine_similarity", single([](Inputs& in, Arguments& args) {
         return cosine_similarity(in["x"], in["y"], args.get<int64_t>("dim"));
       })},
      {"cumsum", along(cumsum)},
      {"softmax", along(softmax)},
      {"log_softmax", along(log_softmax)},
      {"argmax", single([](Inputs& in, Arguments& args) {
         return Variable(argmax(in["x"].value(), args.get<int64_t>("dim"), args.get("keepdim", false)));
       })},
  };
}

FunctionTable order_table() {
  const auto dim = [](Arguments& args) { return args.get<int64_t>("dim"); };
  return {
      {"sort", ordered([dim](const Variable& x, Arguments& args) {
         return sort(x, dim(args), args.get("descending", false));
       })},
      {"topk", ordered([dim](const Variable& x, Arguments& args) {
         return topk(x, args.get<int64_t>("k"), dim(args), args.get("largest", true));
       })},
      {"max_with_indices", ordered([dim](const Variable& x, Arguments& args) {
         return max_with_indices(x, dim(args), args.get("keepdim", false));
       })},
      {"min_with_indices", ordered([dim](const Variable& x, Arguments& args) {
         return min_with_indices(x, dim(args), args.get("keepdim", false));
       })},
      {"masked_select", single([](Inputs& in, Arguments&) { return masked_select(in["x"], in["mask"].value()); })},
      {"nonzero", single([](Inputs& in, Arguments&) { return Variable(nonzero(in["x"].value())); })},
      {"one_hot", single([](Inputs& in, Arguments& args) {
         return Variable(one_hot(in["x"].value(), args.get<int64_t>("num_classes")));
       })},
  };
}

FunctionTable shape_table() {
  return {
      {"einsum", single(einsum_of)},
      {"repeat", single([](Inputs& in, Arguments& args) { return repeat(in["x"], args.dims("repeats")); })},
      {"tril", single([](Inputs& in, Arguments& args) { return tril(in["x"], args.get<int64_t>("diagonal")); })},
      {"triu", single([](Inputs& in, Arguments& args) { return triu(in["x"], args.get<int64_t>("diagonal")); })},
      {"matmul", single(product)},
      {"scaled_dot_product_attention", attention},
      {"transpose", single([](Inputs& in, Arguments& args) {
         return transpose(in["x"], args.get<int64_t>("dim0"), args.get<int64_t>("dim1"));
       })},
      {"permute", single([](Inputs& in, Arguments& args) { return permute(in["x"], args.dims("dims")); })},
      {"reshape", single([](Inputs& in, Arguments& args) { return reshape(in["x"], args.dims("shape")); })},
      {"broadcast_to", single([](Inputs& in, Arguments& args) { return expand(in["x"], args.dims("shape")); })},
      {"flip", single([](Inputs& in, Arguments& args) { return flip(in["x"], args.dims("dims")); })},
      {"slice", single(cut)},
      {"squeeze", along(squeeze)},
      {"unsqueeze", along(unsqueeze)},
      {"cat", joining(cat)},
      {"stack", joining(stack)},
      {"index_select", single([](Inputs& in, Arguments& args) {
         return index_select(in["x"], args.get<int64_t>("dim"), in["index"].value());
       })},
      {"gather", single([](Inputs& in, Arguments& args) {
         return gather(in["x"], args.get<int64_t>("dim"), in["index"].value());
       })},
  };
}

}  // namespace

const FunctionTable& operations() {
  static const FunctionTable table = [] {
    FunctionTable all = elementwise_table();
    all.merge(reduction_table());
    all.merge(order_table());
    all.merge(shape_table());
    return all;
  }();
  return table;
}

}  // namespace heed::conformance
