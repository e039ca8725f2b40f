// Requirements of operations on Variables that are made of others: checked first, so that the messages name them.
#pragma once

#include <initializer_list>

#include <heed/autograd/variable.h>
#include <heed/tensor/error.h>

namespace heed::detail {

/// Throws unless all are defined and of one floating dtype.
inline void require_floating_alike(std::initializer_list<const Variable*> variables, const char* op) {
  const Variable& first = **variables.begin();
  for (const Variable* each : variables) {
    check(each->defined(), op, "needs defined tensors, got an undefined one");
    check<DTypeError>(each->dtype() == first.dtype(), op, "dtypes must match, got ", first.dtype(), " and ",
                      each->dtype());
  }
  check<DTypeError>(is_floating(first.dtype()), op, "needs float32 or float64, got ", first.dtype());
}

/// Throws unless the axes of a and b before the last two broadcast.
inline void require_leading_axes(const Variable& a, const Variable& b, const char* op) {
  const auto leading = [](const Variable& x) {
    return Shape(std::span(x.shape().begin(), static_cast<size_t>(x.rank() - 2)));
  };
  broadcast_shapes(leading(a), leading(b), op);
}

}  // namespace heed::detail
