// einsum of tensors and of Variables: an equation is read once, then each step is a permutation and a matrix product.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/view.h>

namespace heed::detail {

/// An equation for operands of given shapes. Labels are letters; '0' … '7' are the axes of "...", the last one '0'.
struct EinsumPlan {
  std::vector<std::string> operands;  ///< a label for each axis, repeated ones included
  std::string output;                 ///< a label for each axis of the result
  std::vector<std::pair<char, int64_t>> sizes;

  int64_t size(char label) const {
    return std::find_if(sizes.begin(), sizes.end(), [label](const auto& each) { return each.first == label; })->second;
  }
  Shape shape(const std::string& labels) const {
    Shape result;
    for (const char label : labels) {
      result.push_back(size(label));
    }
    return result;
  }
};

/// Throws as einsum().
EinsumPlan plan_einsum(const std::string& equation, const std::vector<Tensor>& operands);

inline bool has(const std::string& labels, char label) { return labels.find(label) != std::string::npos; }

/// The labels that `keep` is true for, in order.
template <class Keep>
std::string filtered(const std::string& labels, const Keep& keep) {
  std::string result;
  std::copy_if(labels.begin(), labels.end(), std::back_inserter(result), keep);
  return result;
}

/// An operand on its way: a Tensor or Variable, and a label for each of its axes.
template <class X>
struct Labelled {
  X x;
  std::string labels;
};

/// x with each label once: of axes that share one, the diagonal is left.
template <class X>
Labelled<X> without_repeats(X x, std::string labels) {
  for (size_t i = 0; i < labels.size(); ++i) {
    for (size_t j = labels.find(labels[i], i + 1); j != std::string::npos; j = labels.find(labels[i], i + 1)) {
      const auto a = static_cast<int64_t>(i), b = static_cast<int64_t>(j);
      Shape shape = Shape::filled(x.rank(), 1);
      shape[a] = shape[b] = x.shape()[a];
      const Tensor off_diagonal = logical_not(eye(x.shape()[a], DType::boolean));
      x = sum(masked_fill(x, reshape(off_diagonal, shape), 0), b);
      labels.erase(j, 1);
    }
  }
  return {x, labels};
}

/// The sum over axes whose label `keep` is false for.
template <class X, class Keep>
Labelled<X> summed(const Labelled<X>& a, const Keep& keep) {
  Dims dims;
  for (size_t i = 0; i < a.labels.size(); ++i) {
    if (!keep(a.labels[i])) {
      dims.push_back(static_cast<int64_t>(i));
    }
  }
  return {dims.empty() ? a.x : sum(a.x, dims), filtered(a.labels, keep)};
}

/// The axes in the order of `labels`, which are those of a.
template <class X>
X ordered(const Labelled<X>& a, const std::string& labels) {
  Dims order;
  for (const char label : labels) {
    order.push_back(static_cast<int64_t>(a.labels.find(label)));
  }
  return permute(a.x, order);
}

/// x with the axes `labels`, and as many of size 1 behind them as `others` has.
template <class X>
X spread(const Labelled<X>& a, const std::string& labels, const std::string& others, const EinsumPlan& plan) {
  Shape shape = plan.shape(labels);
  for (size_t i = 0; i < others.size(); ++i) {
    shape.push_back(1);
  }
  return reshape(ordered(a, labels), shape);
}

/// The product of a and b, summed over the labels that both have and `later` does not.
template <class X>
Labelled<X> contracted(Labelled<X> a, Labelled<X> b, const std::string& later, const EinsumPlan& plan) {
  a = summed(a, [&](char label) { return has(b.labels, label) || has(later, label); });
  b = summed(b, [&](char label) { return has(a.labels, label) || has(later, label); });
  const std::string batch = filtered(a.labels, [&](char label) { return has(b.labels, label) && has(later, label); });
  const std::string inner = filtered(a.labels, [&](char label) { return !has(later, label); });
  const std::string left = filtered(a.labels, [&](char label) { return !has(b.labels, label); });
  const std::string right = filtered(b.labels, [&](char label) { return !has(a.labels, label); });
  if (inner.empty() && (left.empty() || right.empty())) {  // products of 1 × 1 would be slow
    return {spread(a, batch + left, right, plan) * spread(b, batch + right, left, plan), batch + left + right};
  }
  const int64_t count = plan.shape(batch).numel(), size = plan.shape(inner).numel();
  const X rows = reshape(ordered(a, batch + left + inner), {count, plan.shape(left).numel(), size});
  const X columns = reshape(ordered(b, batch + inner + right), {count, size, plan.shape(right).numel()});
  const std::string labels = batch + left + right;
  return {reshape(matmul(rows, columns), plan.shape(labels)), labels};
}

template <class X>
X einsum_of(const std::vector<X>& operands, const EinsumPlan& plan) {
  std::vector<Labelled<X>> terms;
  for (size_t i = 0; i < operands.size(); ++i) {
    const std::string& labels = plan.operands[i];
    terms.push_back(without_repeats(expand(operands[i], plan.shape(labels)), labels));
  }
  Labelled<X> result = terms[0];
  for (size_t i = 1; i < terms.size(); ++i) {
    std::string later = plan.output;
    for (size_t j = i + 1; j < terms.size(); ++j) {
      later += terms[j].labels;
    }
    result = contracted(result, terms[i], later, plan);
  }
  result = summed(result, [&](char label) { return has(plan.output, label); });
  return ordered(result, plan.output);
}

}  // namespace heed::detail
