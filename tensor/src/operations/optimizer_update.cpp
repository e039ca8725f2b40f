// Optimiser updates: one parallel loop over the elements of all parameters; the formulas are in kernels/optimizer.h.
#include <heed/tensor/detail/optimizer_update.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/overlap.h>
#include <heed/tensor/parallel.h>

#include "core/dispatch.h"
#include "core/require.h"
#include "kernels/optimizer.h"

namespace heed {
namespace {

constexpr int64_t kUpdateGrain = 16384;

/// The tensors of an item that are written, the parameter first; states may be undefined.
std::array<const Tensor*, 2> written_of(const SGDItem& item) { return {&item.parameter, &item.momentum_buffer}; }
std::array<const Tensor*, 4> written_of(const AdamItem& item) {
  return {&item.parameter, &item.first_moment, &item.second_moment, &item.second_maximum};
}

void check_fits(const Tensor& other, const Tensor& parameter, const char* op) {
  check<ShapeError>(other.shape() == parameter.shape(), op, "must have the parameter's shape ", parameter.shape(),
                    ", got ", other.shape());
  check<DTypeError>(other.dtype() == parameter.dtype(), op, "must have the parameter's dtype ", parameter.dtype(),
                    ", got ", other.dtype());
}

/// Shapes, dtypes and memory of all items.
template <class Item>
void check_items(std::span<const Item> items, const char* op) {
  for (const Item& item : items) {
    const Tensor& parameter = item.parameter;
    detail::require_defined(parameter, op);
    check<DTypeError>(is_floating(parameter.dtype()), op, "needs float32 or float64, got ", parameter.dtype());
    if (item.gradient.defined()) {
      check_fits(item.gradient, parameter, op);
    }
    for (const Tensor* written : written_of(item)) {
      if (written->defined()) {
        check_fits(*written, parameter, op);
        require_writable(*written, op);
      }
    }
  }
}

/// A tensor that is written through a row-major view of it: itself, or a copy that finish() writes back. Small, since
/// there are four for each parameter: lists of handles would be large enough for malloc to return them after each step.
class Written {
 public:
  explicit Written(const Tensor& target) : target_(target) {
    if (target.defined()) {
      Tensor work = contiguous(target);
      data_ = detail::dispatch_floating(work.dtype(), "update",
                                        [&work]<class T>() -> void* { return work.mutable_data<T>(); });
      if (!target.is_contiguous()) {
        row_major_ = std::make_unique<Tensor>(std::move(work));
      }
    }
  }
  template <class T>
  T* at(int64_t element) const {
    return data_ == nullptr ? nullptr : static_cast<T*>(data_) + element;
  }
  void finish() const {
    if (row_major_ != nullptr) {
      Tensor target = target_;
      copy_(target, *row_major_);
    }
  }

 private:
  const Tensor& target_;
  std::unique_ptr<Tensor> row_major_;
  void* data_ = nullptr;
};

/// Calls body(item, first element, elements) for disjoint ranges that cover all items, on several threads.
template <class Body>
void for_ranges(const std::vector<int64_t>& ends, Body&& body) {
  parallel_for(0, ends.empty() ? 0 : ends.back(), kUpdateGrain, [&](int64_t begin, int64_t end) {
    auto item = static_cast<size_t>(std::upper_bound(ends.begin(), ends.end(), begin) - ends.begin());
    for (int64_t at = begin; at < end; ++item) {
      const int64_t start = item == 0 ? 0 : ends[item - 1];
      const int64_t stop = std::min(end, ends[item]);
      if (at < stop) {
        body(item, at - start, stop - at);
        at = stop;
      }
    }
  });
}

/// The tensors of an item as the kernels take them: the gradient without gaps, and what is written.
template <class Item, size_t kCount>
struct Work {
  const Item& item;
  Tensor gradient;
  std::array<Written, kCount> written;

  template <size_t... I>
  Work(const Item& given, const std::array<const Tensor*, kCount>& tensors, std::index_sequence<I...>)
      : item(given), gradient(contiguous(given.gradient)), written{Written(*tensors[I])...} {}
};

template <class T>
void run(const Work<SGDItem, 2>& work, int64_t start, int64_t count) {
  const auto& [parameter, buffer] = work.written;
  kernels::optimizer().get<T>().sgd(work.item.step, work.gradient.data<T>() + start, parameter.template at<T>(start),
                                    buffer.template at<T>(start), count);
}

template <class T>
void run(const Work<AdamItem, 4>& work, int64_t start, int64_t count) {
  const auto& [parameter, first, second, maximum] = work.written;
  kernels::optimizer().get<T>().adam(work.item.step, work.gradient.data<T>() + start, parameter.template at<T>(start),
                                     first.template at<T>(start), second.template at<T>(start),
                                     maximum.template at<T>(start), count);
}

template <class Item>
void update_all(std::span<const Item> items, const char* op) {
  check_items(items, op);
  constexpr size_t kWritten = std::tuple_size_v<decltype(written_of(std::declval<const Item&>()))>;
  std::vector<Work<Item, kWritten>> works;
  std::vector<int64_t> ends;
  works.reserve(items.size());
  ends.reserve(items.size());
  int64_t total = 0;
  for (const Item& item : items) {
    works.emplace_back(item, written_of(item), std::make_index_sequence<kWritten>());
    total += item.parameter.numel();
    ends.push_back(total);
  }
  for_ranges(ends, [&](size_t index, int64_t start, int64_t count) {
    const auto& work = works[index];
    detail::dispatch_floating(work.item.parameter.dtype(), op, [&]<class T>() { run<T>(work, start, count); });
  });
  for (const auto& work : works) {
    for (const Written& written : work.written) {
      written.finish();
    }
  }
}

}  // namespace

void sgd_update(std::span<const SGDItem> items) { update_all(items, "sgd_update"); }

void adam_update(std::span<const AdamItem> items) { update_all(items, "adam_update"); }

}  // namespace heed
