// Sums of products over named axes.
#include <heed/autograd/einsum.h>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/view.h>
#include <heed/tensor/detail/einsum.h>
#include <heed/tensor/detail/operation_scope.h>

namespace heed {

Variable einsum(const std::string& equation, const std::vector<Variable>& operands) {
  const detail::OperationScope operation("einsum");
  std::vector<Tensor> values;
  for (const Variable& operand : operands) {
    values.push_back(operand.value());
  }
  return detail::einsum_of(operands, detail::plan_einsum(equation, values));
}

}  // namespace heed
