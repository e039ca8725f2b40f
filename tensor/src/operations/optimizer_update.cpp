// Optimiser updates: one parallel loop over the elements of all parameters; the formulas are in kernels/optimizer.h.
#include <heed/tensor/detail/optimizer_update.h>

#include <algorithm>
#include <array>
#include <cmath>
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

/// Shapes and dtypes of all items.
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
      }
    }
  }
}

/// The storages that items write. Throws ValueError where an element would be written twice: threads share the elements
/// of all items, so there is no order.
template <class Item>
detail::Storages written_storages(std::span<const Item> items, const char* op) {
  std::vector<const Tensor*> all;
  for (const Item& item : items) {
    for (const Tensor* written : written_of(item)) {
      require_writable(*written, op);
      all.push_back(written);
    }
  }
  if (const auto shared = find_shared(all)) {
    const size_t each = all.size() / items.size();
    fail(op, "parameters and their states must not share memory, got two that do in items ", shared->first / each,
         " and ", shared->second / each);
  }
  return detail::Storages(all);
}

/// A row-major gradient that stays as it is while those storages are written.
Tensor kept(const Tensor& gradient, const detail::Storages& written) {
  return written.hold(gradient) ? clone(gradient) : contiguous(gradient);
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

struct SGDWork {
  const SGDItem& item;
  Tensor gradient;
  Written parameter, buffer;

  SGDWork(const SGDItem& given, Tensor kept_gradient)
      : item(given), gradient(std::move(kept_gradient)), parameter(given.parameter), buffer(given.momentum_buffer) {}
  void finish() const {
    parameter.finish();
    buffer.finish();
  }

  template <class T>
  void run(int64_t start, int64_t count) const {
    kernels::SGDStep<T> step{};
    step.learning_rate = static_cast<T>(item.learning_rate);
    step.momentum = static_cast<T>(item.momentum);
    step.dampening = static_cast<T>(item.dampening);
    step.weight_decay = static_cast<T>(item.weight_decay);
    step.nesterov = item.nesterov;
    step.first_step = item.first_step;
    step.gradient_scale = T{1};
    kernels::optimizer<T>().sgd(step, gradient.data<T>() + start, parameter.at<T>(start), buffer.at<T>(start), count);
  }
};

struct AdamWork {
  const AdamItem& item;
  Tensor gradient;
  Written parameter, first, second, maximum;

  AdamWork(const AdamItem& given, Tensor kept_gradient)
      : item(given),
        gradient(std::move(kept_gradient)),
        parameter(given.parameter),
        first(given.first_moment),
        second(given.second_moment),
        maximum(given.second_maximum) {}
  void finish() const {
    for (const Written* written : {&parameter, &first, &second, &maximum}) {
      written->finish();
    }
  }

  template <class T>
  void run(int64_t start, int64_t count) const {
    kernels::AdamStep<T> step{};
    step.learning_rate = item.learning_rate;
    step.beta1 = item.beta1;
    step.beta2 = item.beta2;
    step.epsilon = item.epsilon;
    step.weight_decay = item.weight_decay;
    step.decoupled = item.decoupled;
    step.bias_correction1 = 1 - std::pow(item.beta1, static_cast<double>(item.step));
    step.bias_correction2 = 1 - std::pow(item.beta2, static_cast<double>(item.step));
    step.gradient_scale = T{1};
    kernels::optimizer<T>().adam(step, gradient.data<T>() + start, parameter.at<T>(start), first.at<T>(start),
                                 second.at<T>(start), maximum.at<T>(start), count);
  }
};

/// `written`: gradients that lie there are copied first.
template <class Work, class Item>
void update_all(std::span<const Item> items, const detail::Storages& written, const char* op) {
  std::vector<Work> works;
  std::vector<int64_t> ends;
  works.reserve(items.size());
  ends.reserve(items.size());
  int64_t total = 0;
  for (const Item& item : items) {
    works.emplace_back(item, kept(item.gradient, written));
    total += item.parameter.numel();
    ends.push_back(total);
  }
  for_ranges(ends, [&](size_t index, int64_t start, int64_t count) {
    const Work& work = works[index];
    detail::dispatch_floating(work.item.parameter.dtype(), op, [&]<class T>() { work.template run<T>(start, count); });
  });
  for (const Work& work : works) {
    work.finish();
  }
}

}  // namespace

void sgd_update(std::span<const SGDItem> items) {
  check_items(items, "sgd_update");
  update_all<SGDWork>(items, written_storages(items, "sgd_update"), "sgd_update");
}

void adam_update(std::span<const AdamItem> items) {
  check_items(items, "adam_update");
  update_all<AdamWork>(items, written_storages(items, "adam_update"), "adam_update");
}

void sgd_update(std::span<const SGDItem> items, KnownApart) {
  check_items(items, "sgd_update");
  update_all<SGDWork>(items, {}, "sgd_update");
}

void adam_update(std::span<const AdamItem> items, KnownApart) {
  check_items(items, "adam_update");
  update_all<AdamWork>(items, {}, "adam_update");
}

}  // namespace heed
