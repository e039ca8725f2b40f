// What a Variable points to.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <heed/autograd/node.h>
#include <heed/autograd/variable.h>

namespace heed::detail {

struct VariableState {
  std::atomic<int64_t> references{1};
  Tensor value;
  Tensor grad;
  NodePointer node;
  int64_t output_index = 0;
  bool requires_grad = false;
  std::shared_ptr<Tensor> retained;  // the gradient of one that is no leaf, after retain_grad()
  std::unique_ptr<std::vector<std::pair<int64_t, GradientHook>>> hooks;  // of a leaf; a node keeps its outputs'
};

}  // namespace heed::detail
