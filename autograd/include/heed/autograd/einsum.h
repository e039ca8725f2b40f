// Sums of products over named axes; see heed/tensor/einsum.h.
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/einsum.h>

namespace heed {

Variable einsum(const std::string& equation, const std::vector<Variable>& operands);
inline Variable einsum(const std::string& equation, std::initializer_list<Variable> operands) {
  return einsum(equation, std::vector<Variable>(operands));
}

}  // namespace heed
