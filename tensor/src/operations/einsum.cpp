// Reads the equations of einsum.
#include <heed/tensor/einsum.h>

#include <heed/tensor/detail/einsum.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>

#include "core/require.h"

namespace heed {
namespace {

constexpr const char* kOp = "einsum";

struct Equation {
  std::vector<std::string> inputs;
  std::string output;
  bool has_output = false;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The text's letters; "..." becomes '.'.
std::string read_labels(const std::string& text, const std::string& equation) {
  std::string labels;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ') {
      continue;
    }
    const bool ellipsis = text.compare(i, 3, "...") == 0;
    check(is_letter(text[i]) || (ellipsis && !detail::has(labels, '.')), kOp,
          "letters and one '...' name the axes, got '", text, "' in '", equation, "'");
    labels += text[i];
    i += ellipsis ? 2 : 0;
  }
  return labels;
}

Equation read_equation(const std::string& equation) {
  Equation result;
  const size_t arrow = equation.find("->");
  const std::string left = equation.substr(0, arrow);
  for (size_t begin = 0; begin <= left.size();) {
    const size_t comma = std::min(left.find(',', begin), left.size());
    result.inputs.push_back(read_labels(left.substr(begin, comma - begin), equation));
    begin = comma + 1;
  }
  result.has_output = arrow != std::string::npos;
  if (result.has_output) {
    result.output = read_labels(equation.substr(arrow + 2), equation);
  }
  return result;
}

/// '.' replaced by the labels of `axes` axes.
std::string with_axes(std::string labels, int64_t axes) {
  const size_t place = labels.find('.');
  if (place != std::string::npos) {
    std::string names;
    for (int64_t i = axes - 1; i >= 0; --i) {
      names += static_cast<char>('0' + i);
    }
    labels.replace(place, 1, names);
  }
  return labels;
}

/// Enters the size of each axis of an operand. Only axes of "..." may be 1 beside another size.
void enter_sizes(detail::EinsumPlan& plan, const std::string& labels, const Shape& shape, const std::string& equation) {
  for (size_t i = 0; i < labels.size(); ++i) {
    const int64_t size = shape[static_cast<int64_t>(i)];
    const auto known =
        std::find_if(plan.sizes.begin(), plan.sizes.end(), [&](const auto& each) { return each.first == labels[i]; });
    if (known == plan.sizes.end()) {
      plan.sizes.emplace_back(labels[i], size);
      continue;
    }
    const bool broadcasts = !is_letter(labels[i]) && (size == 1 || known->second == 1);
    const std::string name = is_letter(labels[i]) ? std::string{labels[i]} : "...";
    check<ShapeError>(size == known->second || broadcasts, kOp, "the axes of '", name, "' have sizes ", known->second,
                      " and ", size, " in '", equation, "'");
    known->second = known->second == 1 ? size : known->second;
  }
}

/// Of an equation without an arrow: the axes of "...", then letters that occur once.
std::string implied_output(const std::vector<std::string>& inputs) {
  std::string all;
  for (const std::string& labels : inputs) {
    all += labels;
  }
  std::string once = detail::has(all, '.') ? "." : "";
  std::string letters =
      detail::filtered(all, [&](char label) { return label != '.' && std::count(all.begin(), all.end(), label) == 1; });
  std::sort(letters.begin(), letters.end());
  return once + letters;
}

}  // namespace

detail::EinsumPlan detail::plan_einsum(const std::string& equation, const std::vector<Tensor>& operands) {
  const Equation read = read_equation(equation);
  check(read.inputs.size() == operands.size(), kOp, "'", equation, "' is for ", read.inputs.size(), " operands, got ",
        operands.size());
  EinsumPlan plan;
  int64_t most = 0;
  for (size_t i = 0; i < operands.size(); ++i) {
    require_floating(operands[i], kOp);
    require_same_dtype(operands[0], operands[i], kOp);
    const bool ellipsis = has(read.inputs[i], '.');
    const int64_t letters = static_cast<int64_t>(read.inputs[i].size()) - (ellipsis ? 1 : 0);
    const int64_t rest = operands[i].rank() - letters;
    check<ShapeError>(ellipsis ? rest >= 0 : rest == 0, kOp, "operand ", i, " must have ", ellipsis ? "at least " : "",
                      letters, " axes, got ", operands[i].shape(), " in '", equation, "'");
    most = std::max(most, rest);
    plan.operands.push_back(with_axes(read.inputs[i], rest));
    enter_sizes(plan, plan.operands.back(), operands[i].shape(), equation);
  }
  const std::string output = read.has_output ? read.output : implied_output(read.inputs);
  plan.output = with_axes(output, most);
  for (size_t i = 0; i < plan.output.size(); ++i) {
    const char label = plan.output[i];
    const bool known = std::any_of(plan.operands.begin(), plan.operands.end(),
                                   [label](const std::string& labels) { return has(labels, label); });
    check(known && plan.output.find(label) == i, kOp, "the result's '", label,
          known ? "' occurs twice in '" : "' is in no operand of '", equation, "'");
  }
  return plan;
}

Tensor einsum(const std::string& equation, const std::vector<Tensor>& operands) {
  const detail::OperationScope operation("einsum");
  return detail::einsum_of(operands, detail::plan_einsum(equation, operands));
}

}  // namespace heed
