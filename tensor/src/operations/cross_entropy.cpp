// Softmax cross-entropy of rows of logits, and its gradient.
#include <algorithm>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/detail/softmax.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "kernels/softmax.h"
#include "operations/dense_rows.h"
#include "operations/loops.h"

namespace heed {
namespace {

using detail::with_dense_rows;

/// The targets, row by row.
class Targets {
 public:
  Targets(const Tensor& logits, const Tensor& target, int64_t ignore_index, double label_smoothing, const char* op)
      : data_(nullptr), stride_(0), ignore_index_(ignore_index) {
    detail::require_defined(logits, op);
    check<ShapeError>(logits.rank() == 2, op, "logits must be (N, C), got ", logits.shape());
    detail::require_dtype(target, DType::int64, op, "the target");
    detail::require_shape(target, {logits.size(0)}, op, "the target");
    check(label_smoothing >= 0 && label_smoothing <= 1, op, "label smoothing must be between 0 and 1, got ",
          label_smoothing);
    data_ = target.data<int64_t>();
    stride_ = target.strides()[0];
    const int64_t classes = logits.size(1);
    for (int64_t row = 0; row < target.numel(); ++row) {
      const int64_t wanted = (*this)[row];
      check<IndexError>(ignored(row) || (wanted >= 0 && wanted < classes), op, "target ", wanted, " at ", row,
                        " is out of range for ", classes, " classes");
    }
  }

  int64_t operator[](int64_t row) const { return data_[row * stride_]; }
  bool ignored(int64_t row) const { return (*this)[row] == ignore_index_; }

 private:
  const int64_t* data_;
  int64_t stride_;
  int64_t ignore_index_;
};

/// body(row) for all rows, over threads.
template <class Body>
void for_rows(const Tensor& logits, const Body& body) {
  const int64_t grain = detail::kCostlyGrain / std::max<int64_t>(logits.size(1), 1) + 1;
  parallel_for(0, logits.size(0), grain, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      body(row);
    }
  });
}

}  // namespace

void require_targets(const Tensor& logits, const Tensor& target, int64_t ignore_index, double label_smoothing,
                     const char* op) {
  const Targets checked(logits, target, ignore_index, label_smoothing, op);
}

Tensor cross_entropy_rows(const Tensor& logits, const Tensor& target, int64_t ignore_index, double label_smoothing) {
  const detail::OperationScope operation("cross_entropy");
  const Targets targets(logits, target, ignore_index, label_smoothing, "cross_entropy");
  return detail::dispatch_floating(logits.dtype(), "cross_entropy", [&]<class T>() {
    const Tensor x = with_dense_rows(logits);
    Tensor loss = empty({x.size(0)}, x.dtype());
    T* out = loss.mutable_data<T>();
    const T* in = x.data<T>();
    const auto kernel = kernels::softmax().get<T>().cross_entropy;
    for_rows(x, [&, n = x.size(1), stride = x.strides()[0]](int64_t row) {
      out[row] =
          targets.ignored(row) ? T{0} : kernel(in + row * stride, n, targets[row], static_cast<T>(label_smoothing));
    });
    return loss;
  });
}

Tensor cross_entropy_rows_backward(const Tensor& grad, const Tensor& logits, const Tensor& target, int64_t ignore_index,
                                   double label_smoothing) {
  constexpr const char* kOp = "cross_entropy";
  const Targets targets(logits, target, ignore_index, label_smoothing, kOp);
  detail::require_same_dtype(grad, logits, kOp);
  detail::require_shape(grad, {logits.size(0)}, kOp, "the gradient");
  return detail::dispatch_floating(logits.dtype(), kOp, [&]<class T>() {
    const Tensor x = with_dense_rows(logits);
    Tensor result = empty_like(x);
    T* out = result.mutable_data<T>();
    const T* in = x.data<T>();
    const T* scale = grad.data<T>();
    const kernels::SoftmaxKernels<T>& table = kernels::softmax().get<T>();
    for_rows(x, [&, n = x.size(1), stride = x.strides()[0], step = grad.strides()[0]](int64_t row) {
      T* row_out = out + row * n;
      if (targets.ignored(row)) {
        std::fill_n(row_out, n, T{0});
        return;
      }
      table.softmax(in + row * stride, nullptr, row_out, n);
      table.cross_entropy_backward(row_out, n, targets[row], static_cast<T>(label_smoothing), scale[row * step],
                                   row_out);
    });
    return result;
  });
}

}  // namespace heed
