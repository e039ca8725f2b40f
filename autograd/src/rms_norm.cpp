// Normalisation by the root of the mean square, one operation.
#include <heed/autograd/rms_norm.h>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/node.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/detail/rms_norm.h>

namespace heed {

Variable rms_norm(const Variable& x, int64_t axes, const Variable& weight, std::optional<double> eps) {
  const detail::RMSNormPlan plan = detail::plan_rms_norm(x.value(), axes, weight.value(), eps);
  return make_variable("rms_norm", rms_norm(x.value(), axes, weight.value(), eps), {x, weight},
                       [plan, in = Saved(x), scale = Saved(weight)](const BackwardContext& context) -> Gradients {
                         const Variable elements = in.unpack(context), grad = context.grad();
                         const Variable inverse = detail::inverse_root_mean_square(elements, plan);
                         const Variable normal = elements * inverse, factor = scale.unpack(context);
                         Gradients result(2);
                         if (context.needs(0)) {
                           const Variable inner = factor.defined() ? grad * factor : grad;
                           result[0] = (inner - normal * mean(inner * normal, plan.dims, true)) * inverse;
                         }
                         if (context.needs(1)) {
                           result[1] = sum_to(grad * normal, factor.shape());
                         }
                         return result;
                       });
}

}  // namespace heed
