// Attention in tiles: distributes heads and tiles over threads.
#include <heed/tensor/detail/attention.h>

#include <algorithm>
#include <limits>

#include <heed/tensor/create.h>
#include <heed/tensor/detail/neighbours.h>
#include <heed/tensor/parallel.h>
#include <heed/tensor/reduce.h>

#include "core/dispatch.h"
#include "core/multiply_adds.h"
#include "core/require.h"
#include "sequences/attention_call.h"

namespace heed {
namespace {

using detail::AttentionCall;

/// The least multiplications per thread.
constexpr int64_t kGrain = 1 << 18;

/// Calls run(head, first, last, workspace) for tiles of `tile` of `length` rows, in each head, `products` products over
/// all scores.
template <class T, class Run>
void for_each_tile(const AttentionCall& call, int64_t length, int64_t tile, int64_t products, const Run& run) {
  const int64_t tiles = (length + tile - 1) / tile;
  const int64_t cost =
      products * call.targets * call.sources * (call.size + call.value_size) / 2 / std::max<int64_t>(tiles, 1);
  const size_t bytes =
      kernels::attention().get<T>().workspace_bytes(call.targets, call.sources, call.size, call.value_size);
  parallel_for(0, call.heads() * tiles, kGrain / std::max<int64_t>(cost, 1) + 1, [&](int64_t begin, int64_t end) {
    const Storage workspace = Storage::allocate(static_cast<int64_t>(bytes));
    while (begin < end) {
      const int64_t head = begin / tiles;
      const int64_t last = std::min(end, (head + 1) * tiles);
      run(head, (begin - head * tiles) * tile, std::min(length, (last - head * tiles) * tile), workspace.data());
      begin = last;
    }
  });
}

/// Base pointers, taken before threads start: opening a tensor for writing counts as a change of it.
template <class T>
struct Places {
  T *output, *maxima, *inverse_sums;

  kernels::AttentionRecord<T> of_head(const AttentionCall& call, const Tensor& shape_of_output, int64_t head) const {
    return {output + call.offset(shape_of_output, 2, head), shape_of_output.strides()[shape_of_output.rank() - 2],
            maxima + head * call.targets, inverse_sums + head * call.targets};
  }
};

/// A target that attends to an element of value that is not finite gets NaN there.
template <class T>
void spread_nonfinite_values(const AttentionCall& call, Tensor& output) {
  T* out = output.mutable_data<T>();
  const int64_t rank = output.rank();
  for (int64_t index = 0; index < call.heads(); ++index) {
    const kernels::AttentionHead<T> head = call.head<T>(index);
    const auto nonfinite = detail::grid_of<bool>(call.nonfinite_values, call.offset(call.nonfinite_values, 2, index));
    T* rows = out + call.offset(output, 2, index);
    for (int64_t element = 0; element < call.sources * call.value_size; ++element) {
      const int64_t j = element / call.value_size, d = element % call.value_size;
      for (int64_t i = 0; nonfinite.data[j * nonfinite.row_stride + d * nonfinite.column_stride] && i < call.targets;
           ++i) {
        T& value = rows[i * output.strides()[rank - 2] + d];
        value = head.sees(i, j) ? std::numeric_limits<T>::quiet_NaN() : value;
      }
    }
  }
}

/// Room for the gradients of all heads, laid out as what they belong to is.
TiledAttentionGradients make_gradients(const AttentionCall& call, const Tensor& query, const Tensor& key,
                                       const Tensor& value, const TiledAttentionWanted& wanted) {
  TiledAttentionGradients gradients;
  // Parts of one projection stand side by side, and so shall their gradients.
  std::vector<std::pair<const Tensor*, Tensor*>> parts;
  const auto want = [&](bool is_wanted, const Tensor& x, Tensor& gradient) {
    if (is_wanted && x.shape() == call.with_leading(x.size(-2), x.size(-1))) {
      parts.emplace_back(&x, &gradient);
    } else if (is_wanted) {
      gradient = empty(call.with_leading(x.size(-2), x.size(-1)), x.dtype());
    }
  };
  want(wanted.query, query, gradients.query);
  want(wanted.key, key, gradients.key);
  want(wanted.value, value, gradients.value);
  if (parts.size() == 3 && !query.storage().same_as(key.storage())) {
    gradients.query = empty_like_neighbours({query})[0];
    parts.erase(parts.begin());
  }
  std::vector<Tensor> like;
  for (const auto& part : parts) {
    like.push_back(*part.first);
  }
  const std::vector<Tensor> room = empty_like_neighbours(like);
  for (size_t i = 0; i < parts.size(); ++i) {
    *parts[i].second = room[i];
  }
  return gradients;
}

/// Likewise for a gradient, which may be undefined.
template <class T>
struct WritableHeads {
  const Tensor& x;
  T* data;

  explicit WritableHeads(Tensor& gradient) : x(gradient), data(x.defined() ? gradient.mutable_data<T>() : nullptr) {}
  kernels::Grid<T> of_head(const AttentionCall& call, int64_t head) const {
    return data == nullptr ? kernels::Grid<T>{}
                           : kernels::Grid<T>{data + call.offset(x, 2, head), x.strides()[x.rank() - 2], 1};
  }
};

/// The gradients that are defined, over all heads: each head by one thread where there are heads enough, else the
/// queries' and then the others', which computes the scores twice and gives the same bits.
template <class T>
void differentiate(const AttentionCall& call, const TiledAttention& saved, const Tensor& grad,
                   TiledAttentionGradients& gradients) {
  const WritableHeads<T> d_query(gradients.query), d_key(gradients.key), d_value(gradients.value);
  const Places<const T> places{saved.output.data<T>(), saved.maxima.data<T>(), saved.inverse_sums.data<T>()};
  const auto run = [&](int64_t index, bool query, bool others, const kernels::AttentionRange& range, void* workspace) {
    kernels::AttentionGradient<T> gradient{detail::grid_of<T>(grad, call.offset(grad, 2, index)), {}, {}, {}};
    if (query) {
      gradient.query = d_query.of_head(call, index);
    }
    if (others) {
      gradient.key = d_key.of_head(call, index);
      gradient.value = d_value.of_head(call, index);
    }
    kernels::attention().get<T>().backward(call.head<T>(index), places.of_head(call, saved.output, index), gradient,
                                           range, workspace);
  };
  if (call.heads() >= num_threads() || call.targets * call.sources <= 4096) {
    for_each_tile<T>(call, 1, 1, 5, [&](int64_t head, int64_t, int64_t, void* workspace) {
      run(head, true, true, {0, call.targets, 0, call.sources}, workspace);
    });
    return;
  }
  if (gradients.query.defined()) {
    for_each_tile<T>(call, call.targets, kernels::attention().get<T>().target_tile_backward, 3,
                     [&](int64_t head, int64_t first, int64_t last, void* workspace) {
                       run(head, true, false, {first, last, 0, call.sources}, workspace);
                     });
  }
  if (gradients.key.defined() || gradients.value.defined()) {
    for_each_tile<T>(call, call.sources, kernels::attention().get<T>().source_tile_backward, 4,
                     [&](int64_t head, int64_t first, int64_t last, void* workspace) {
                       run(head, false, true, {0, call.targets, first, last}, workspace);
                     });
  }
}

}  // namespace

TiledAttention tiled_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                               const TiledAttentionOptions& options) {
  const AttentionCall call(query, key, value, options);
  detail::count_multiply_adds(call.scores() * (call.size + call.value_size));
  TiledAttention result{empty_in_order_of(query, call.with_leading(call.targets, call.value_size)),
                        empty(call.with_leading(call.targets), call.dtype()),
                        empty(call.with_leading(call.targets), call.dtype()), call.finite};
  detail::dispatch_floating(call.dtype(), "scaled_dot_product_attention", [&]<class T>() {
    const Places<T> places{result.output.mutable_data<T>(), result.maxima.mutable_data<T>(),
                           result.inverse_sums.mutable_data<T>()};
    for_each_tile<T>(call, call.targets, kernels::attention().get<T>().target_tile, 2,
                     [&](int64_t head, int64_t first, int64_t last, void* workspace) {
                       kernels::attention().get<T>().forward(
                           call.head<T>(head), places.of_head(call, result.output, head), first, last, workspace);
                     });
    if (call.nonfinite_values.defined()) {
      spread_nonfinite_values<T>(call, result.output);
    }
  });
  return result;
}

TiledAttentionGradients tiled_attention_backward(const Tensor& grad, const TiledAttention& saved, const Tensor& query,
                                                 const Tensor& key, const Tensor& value,
                                                 const TiledAttentionOptions& options,
                                                 const TiledAttentionWanted& wanted) {
  constexpr const char* kOp = "scaled_dot_product_attention";
  const AttentionCall call(query, key, value, options, saved.finite);
  detail::require_same_dtype(grad, query, kOp);
  detail::require_shape(grad, saved.output.shape(), kOp, "the gradient");
  // the scores once more, and the gradients of values, weights, queries and keys
  detail::count_multiply_adds(call.scores() * (3 * call.size + 2 * call.value_size));
  TiledAttentionGradients gradients = make_gradients(call, query, key, value, wanted);
  detail::dispatch_floating(call.dtype(), kOp, [&]<class T>() { differentiate<T>(call, saved, grad, gradients); });
  gradients.query = wanted.query ? sum_to(gradients.query, query.shape()) : Tensor();
  gradients.key = wanted.key ? sum_to(gradients.key, key.shape()) : Tensor();
  gradients.value = wanted.value ? sum_to(gradients.value, value.shape()) : Tensor();
  return gradients;
}

}  // namespace heed
