// Prints tensors as NumPy does.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include <heed/tensor/tensor.h>

namespace heed {

/// NumPy's numpy.set_printoptions, with its defaults.
struct PrintOptions {
  int precision = 8;         ///< digits after the point, at most
  int64_t threshold = 1000;  ///< above so many elements the middle is left out
  int64_t edge_items = 3;    ///< elements shown at each end then
  int64_t line_width = 75;
  bool suppress = false;  ///< small numbers never make it use powers of ten
};

/// As numpy.array2string: "[[1. 2.]\n [3. 4.]]". Throws ValueError for an undefined tensor or negative options.
std::string to_string(const Tensor& x, const PrintOptions& options = {});
std::ostream& operator<<(std::ostream& out, const Tensor& x);

}  // namespace heed
