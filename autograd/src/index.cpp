// Joining and splitting, gathering and scattering: each is the adjoint of the other.
#include <heed/autograd/index.h>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/autograd/view.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/neighbours.h>
#include <heed/tensor/error.h>

namespace heed {
namespace {

std::vector<Tensor> values_of(const std::vector<Variable>& variables) {
  std::vector<Tensor> values;
  values.reserve(variables.size());
  for (const Variable& variable : variables) {
    values.push_back(variable.value());
  }
  return values;
}

Variable zeros_of(const Shape& shape, const Variable& like) { return zeros(shape, like.dtype()); }

}  // namespace

Variable cat(const std::vector<Variable>& variables, int64_t dim) {
  Tensor joined = cat(values_of(variables), dim);
  const int64_t axis = normalize_dim(dim, joined.rank(), "cat");
  std::vector<int64_t> sizes;
  for (const Variable& variable : variables) {
    sizes.push_back(variable.shape()[axis]);
  }
  return make_variable("cat", std::move(joined), variables, [axis, sizes](const BackwardContext& context) -> Gradients {
    Gradients result(sizes.size());
    int64_t start = 0;
    for (size_t i = 0; i < sizes.size(); start += sizes[i++]) {
      if (context.needs(static_cast<int64_t>(i))) {
        result[i] = narrow(context.grad(), axis, start, sizes[i]);
      }
    }
    return result;
  });
}

Variable stack(const std::vector<Variable>& variables, int64_t dim) {
  Tensor joined = stack(values_of(variables), dim);
  const int64_t axis = normalize_dim(dim, joined.rank(), "stack");
  return make_variable("stack", std::move(joined), variables, [axis](const BackwardContext& context) -> Gradients {
    Gradients result(static_cast<size_t>(context.grad().shape()[axis]));
    for (size_t i = 0; i < result.size(); ++i) {
      if (context.needs(static_cast<int64_t>(i))) {
        result[i] = select(context.grad(), axis, static_cast<int64_t>(i));
      }
    }
    return result;
  });
}

namespace {

std::vector<Variable> pieces_of(const Variable& x, std::vector<Tensor> pieces, int64_t dim) {
  const auto count = static_cast<int64_t>(pieces.size());
  return make_variables("split", std::move(pieces), {&x, 1}, [count, dim](const BackwardContext& context) -> Gradients {
    std::vector<Variable> gradients;
    for (int64_t i = 0; i < count; ++i) {
      gradients.push_back(context.grad(i));
    }
    if (grad_enabled()) {
      return {cat(gradients, dim)};
    }
    return {join_neighbours(values_of(gradients), dim)};
  });
}

}  // namespace

std::vector<Variable> split(const Variable& x, int64_t size, int64_t dim) {
  return pieces_of(x, split(x.value(), size, dim), dim);
}

std::vector<Variable> split(const Variable& x, const std::vector<int64_t>& sizes, int64_t dim) {
  return pieces_of(x, split(x.value(), sizes, dim), dim);
}

std::vector<Variable> unbind(const Variable& x, int64_t dim) {
  check(x.defined(), "unbind", "needs defined tensors, got an undefined one");
  const int64_t axis = normalize_dim(dim, x.rank(), "unbind");
  std::vector<Tensor> slices;
  for (int64_t i = 0; i < x.size(axis); ++i) {
    slices.push_back(select(x.value(), axis, i));
  }
  return make_variables("unbind", slices, {&x, 1},
                        [axis, count = x.size(axis)](const BackwardContext& context) -> Gradients {
                          std::vector<Variable> gradients;
                          for (int64_t i = 0; i < count; ++i) {
                            gradients.push_back(context.grad(i));
                          }
                          return {stack(gradients, axis)};
                        });
}

Variable flip(const Variable& x, const Dims& dims) {
  return make_variable("flip", flip(x.value(), dims), {x},
                       [dims](const BackwardContext& context) -> Gradients { return {flip(context.grad(), dims)}; });
}

Variable gather(const Variable& x, int64_t dim, const Tensor& index) {
  return make_variable(
      "gather", gather(x.value(), dim, index), {x},
      [dim, places = Saved::data(index)](const BackwardContext& context) -> Gradients {
        const Variable grad = context.grad();
        return {scatter_add(zeros_of(context.input_shape(0), grad), dim, places.unpack(context).value(), grad)};
      });
}

Variable scatter_add(const Variable& x, int64_t dim, const Tensor& index, const Variable& source) {
  return make_variable("scatter_add", scatter_add(x.value(), dim, index, source.value()), {x, source},
                       [dim, places = Saved::data(index)](const BackwardContext& context) -> Gradients {
                         Gradients result{context.grad(), Variable()};
                         if (context.needs(1)) {
                           result[1] = gather(context.grad(), dim, places.unpack(context).value());
                         }
                         return result;
                       });
}

Variable index_select(const Variable& x, int64_t dim, const Tensor& index) {
  return make_variable(
      "index_select", index_select(x.value(), dim, index), {x},
      [dim, places = Saved::data(index)](const BackwardContext& context) -> Gradients {
        const Variable grad = context.grad();
        return {index_add(zeros_of(context.input_shape(0), grad), dim, places.unpack(context).value(), grad)};
      });
}

Variable index_add(const Variable& x, int64_t dim, const Tensor& index, const Variable& source) {
  return make_variable("index_add", index_add(x.value(), dim, index, source.value()), {x, source},
                       [dim, places = Saved::data(index)](const BackwardContext& context) -> Gradients {
                         Gradients result{context.grad(), Variable()};
                         if (context.needs(1)) {
                           result[1] = index_select(context.grad(), dim, places.unpack(context).value());
                         }
                         return result;
                       });
}

Variable embedding(const Variable& weight, const Tensor& ids, std::optional<int64_t> padding_idx) {
  Tensor rows = embedding(weight.value(), ids);
  if (padding_idx) {
    const int64_t size = weight.size(0);
    check<IndexError>(*padding_idx >= -size && *padding_idx < size, "embedding", "padding_idx must be in ", -size,
                      " … ", size - 1, ", got ", *padding_idx);
    padding_idx = *padding_idx < 0 ? *padding_idx + size : *padding_idx;
  }
  return make_variable("embedding", std::move(rows), {weight},
                       [padding_idx, picked = Saved::data(ids)](const BackwardContext& context) -> Gradients {
                         const Tensor index = reshape(picked.unpack(context).value(), {-1});
                         const Shape& shape = context.input_shape(0);
                         Variable grad = reshape(context.grad(), {index.numel(), shape[1]});
                         if (padding_idx) {
                           grad = masked_fill(grad, unsqueeze(eq(index, *padding_idx), 1), 0);
                         }
                         return {index_add(zeros_of(shape, grad), 0, index, grad)};
                       });
}

}  // namespace heed
