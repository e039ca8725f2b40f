// Splits batched products into tiles of rows or columns, and tiles into threads.
#include "operations/product.h"

#include <algorithm>

#include <heed/tensor/storage.h>

#include "core/multiply_adds.h"

namespace heed::detail {
namespace {

/// The least multiplications per thread.
constexpr int64_t kGrain = 1 << 18;

/// The tiles of one matrix.
template <class T>
struct Tiling {
  explicit Tiling(const kernels::GemmProblem<T>& matrix)
      // Each thread packs the whole of one operand, which should be the smaller: B for rows, A for columns.
      : by_rows(matrix.m >= matrix.n),
        size(by_rows ? kernels::gemm().get<T>().row_tile : kernels::gemm().get<T>().column_tile),
        count(((by_rows ? matrix.m : matrix.n) + size - 1) / size) {}

  bool by_rows;
  int64_t size;
  int64_t count;
};

/// Tiles first … last-1 of the matrix at these offsets.
template <class T>
void run_tiles(const BatchedProduct<T>& product, const Loop<3>::Offsets& at, const Tiling<T>& tiling, int64_t first,
               int64_t last, std::byte* workspace) {
  kernels::GemmProblem<T> part = product.matrix;
  part.c += at[0];
  part.a += at[1];
  part.b += at[2];
  const int64_t begin = first * tiling.size;
  const int64_t end = std::min(last * tiling.size, tiling.by_rows ? part.m : part.n);
  if (tiling.by_rows) {
    part.m = end - begin;
    part.c += begin * part.c_row_stride;
    part.a += begin * part.a_row_stride;
  } else {
    part.n = end - begin;
    part.c += begin;
    part.b += begin * part.b_column_stride;
    part.bias += part.bias == nullptr ? 0 : begin;
  }
  kernels::gemm().get<T>().multiply(part, workspace);
}

}  // namespace

template <class T>
void run_products(const BatchedProduct<T>& product) {
  const kernels::GemmProblem<T>& matrix = product.matrix;
  if (matrix.m == 0 || matrix.n == 0 || product.batch.numel() == 0) {
    return;
  }
  count_multiply_adds(product.batch.numel() * matrix.m * matrix.n * matrix.k);
  const Tiling<T> tiling(matrix);
  const int64_t tile_cost = std::max<int64_t>(1, matrix.m * matrix.n * matrix.k / tiling.count);
  const int64_t grain = (kGrain + tile_cost - 1) / tile_cost;
  const size_t workspace_bytes = kernels::gemm().get<T>().workspace_bytes(matrix.m, matrix.n, matrix.k);
  parallel_for(0, product.batch.numel() * tiling.count, grain, [&](int64_t begin, int64_t end) {
    const Storage workspace = Storage::allocate(static_cast<int64_t>(workspace_bytes));
    int64_t index = begin / tiling.count;
    product.batch.run(index, (end - 1) / tiling.count + 1, [&](Loop<3>::Offsets at, int64_t n) {
      for (const int64_t stop = index + n; index < stop; ++index) {
        const int64_t first = std::max(begin - index * tiling.count, int64_t{0});
        const int64_t last = std::min(end - index * tiling.count, tiling.count);
        run_tiles(product, at, tiling, first, last, workspace.data());
        for (size_t k = 0; k < 3; ++k) {
          at[k] += product.batch.stride(k);
        }
      }
    });
  });
}

template void run_products(const BatchedProduct<float>&);
template void run_products(const BatchedProduct<double>&);

}  // namespace heed::detail
