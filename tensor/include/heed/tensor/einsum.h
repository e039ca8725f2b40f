// Sums of products over named axes.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include <heed/tensor/tensor.h>

namespace heed {

/// torch.einsum: `einsum("bij,bjk->bik", {a, b})`. Each axis of each operand has a letter; axes of one letter run
/// together, and letters that are not behind the arrow are summed over. Without an arrow the result has the letters
/// that occur once, in alphabetical order. "..." stands for further axes, which broadcast. Operands are multiplied from
/// left to right, as matrix products; of a single one the result may be a view. Floating types. Throws ValueError,
/// naming the place in the equation, ShapeError, DTypeError.
Tensor einsum(const std::string& equation, const std::vector<Tensor>& operands);
inline Tensor einsum(const std::string& equation, std::initializer_list<Tensor> operands) {
  return einsum(equation, std::vector<Tensor>(operands));
}

}  // namespace heed
