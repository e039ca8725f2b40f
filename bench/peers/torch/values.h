// The shared random numbers as torch tensors.
#pragma once

#include <torch/types.h>

#include "worker/shared_data.h"

namespace heed::bench {

inline torch::Tensor torch_values(uint64_t seed, torch::IntArrayRef shape, float bound = 1) {
  std::vector<float> values = random_values(seed, c10::multiply_integers(shape), -bound, bound);
  return torch::from_blob(values.data(), shape).clone();
}

inline torch::Tensor torch_leaf(uint64_t seed, torch::IntArrayRef shape, float bound = 1) {
  return torch_values(seed, shape, bound).requires_grad_();
}

}  // namespace heed::bench
