// What numpy_dlpack.py calls: DLPack's structs of heed behind C functions.
#include <exception>

#include <heed/tensor/create.h>
#include <heed/tensor/dlpack.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/view.h>

extern "C" {

/// 0 … 11 as float64 (3, 4), transposed.
[[gnu::visibility("default")]] void* heed_counted() {
  return heed::to_dlpack_unversioned(transpose(to(reshape(heed::arange(12), {3, 4}), heed::DType::float64), 0, 1));
}

/// The sum of all elements, to which it adds 1. Where heed refuses the tensor, the deleter is not called.
[[gnu::visibility("default")]] double heed_sum_and_increase(void* managed, bool* refused) {
  try {
    heed::Tensor x = heed::from_dlpack(static_cast<heed::dlpack::DLManagedTensor*>(managed));
    const double result = to(sum(to(x, heed::DType::float64), heed::all_axes(x.rank())), heed::DType::float64).item();
    copy_(x, to(to(x, heed::DType::float64) + 1, x.dtype()));
    *refused = false;
    return result;
  } catch (const std::exception&) {
    *refused = true;
    return 0;
  }
}
}
