// Prints tensors as NumPy does.
#pragma once

#include <ostream>
#include <string>

#include <heed/tensor/tensor.h>

namespace heed {

/// NumPy's numpy.set_printoptions, with its defaults.
struct PrintOptions {
  int precision = 8;     ///< digits after the point, at most
  int threshold = 1000;  ///< above so many elements the middle is left out
  int edge_items = 3;    ///< elements shown at each end then
  int line_width = 75;
};

/// As numpy.array2string: "[[1. 2.]\n [3. 4.]]".
std::string to_string(const Tensor& x, const PrintOptions& options = {});
std::ostream& operator<<(std::ostream& out, const Tensor& x);

}  // namespace heed
