// Positions that hold on longer sequences than those trained on, as numbers that sinusoids are made of.
#pragma once

#include <cstdint>
#include <vector>

#include <heed/tensor/random.h>
#include <heed/tensor/tensor.h>

namespace heed {

/// sinusoidal_positions() at any positions: (…) float64 → (…, features) of `dtype`. Throws DTypeError.
Tensor sinusoids_at(const Tensor& positions, int64_t features, DType dtype = DType::float32);

/// For each length an ascending choice, each as likely, of so many of the positions 0 … range-1 (Ruoss et al. 2023,
/// section 3): float64 (B, steps), rows filled up with 0. Throws ValueError for a length above `steps` or `range`.
Tensor randomized_positions(const std::vector<int64_t>& lengths, int64_t steps, int64_t range, Generator& generator);
/// What stands for it when nothing is to be random: as many positions at equal distances, the last within the first
/// half of the range, or 0, 1, 2 … for a length that does not fit there.
Tensor even_positions(const std::vector<int64_t>& lengths, int64_t steps, int64_t range);

/// A start and a stride, (B, 2) float64, such that `lengths` steps from the start end within `range`: the stride's
/// logarithm uniform from 0 on, the start uniform among what that leaves. Where it does not fit: 0 and 1.
Tensor random_strides(const std::vector<int64_t>& lengths, int64_t range, Generator& generator);

}  // namespace heed
