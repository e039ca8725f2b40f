// Dropout: the input times a mask of 0 and 1 / (1 - p), which each call draws.
#include <heed/nn/core/dropout.h>

#include <heed/autograd/elementwise.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

namespace heed {
namespace {

void check_defined(const Variable& x, const char* op) {
  check(x.defined(), op, "needs a defined input, got an undefined one");
}

void check_probability(double p) { check(p >= 0 && p <= 1, "dropout", "p must be from 0 to 1, got ", p); }

Variable masked(const Variable& x, const Shape& mask_shape, double p, Generator& generator) {
  check_probability(p);
  check_defined(x, "dropout");
  const Variable mask = dropout_mask(mask_shape, p, x.dtype(), generator);
  return p == 1 ? masked_fill(x, scalar(true, DType::boolean), 0) : x * mask;  // infinity times 0 is NaN
}

}  // namespace

Variable dropout(const Variable& x, double p, Generator& generator) { return masked(x, x.shape(), p, generator); }

Variable locked_dropout(const Variable& x, double p, Generator& generator) {
  check_defined(x, "locked_dropout");
  check<ShapeError>(x.rank() == 3, "locked_dropout", "input must be (B, T, F), got ", x.shape());
  return masked(x, {x.size(0), 1, x.size(2)}, p, generator);
}

Dropout::Dropout(double p) : p_(p) { check_probability(p); }

Dropout::Dropout(double p, Generator& generator) : Dropout(p) { generator_ = &generator; }

Variable Dropout::forward(const Variable& x) const {
  const NameScope scope(path());
  check_defined(x, "Dropout");
  return record("output", active() ? dropout(x, p_, generator()) : x);
}

Variable LockedDropout::forward(const Variable& x) const {
  const NameScope scope(path());
  check_defined(x, "LockedDropout");
  return record("output", active() ? locked_dropout(x, p(), generator()) : x);
}

}  // namespace heed
