// One head of attention, its definition in long double, and what the kernels make of it.
#pragma once

#include <algorithm>
#include <memory>

#include "kernels/attention.h"
#include "tensor/kernels/naive.h"

namespace heed::kernels::test {

using Real = long double;

struct Sizes {
  int64_t targets, sources, size, value_size;
};
struct Flags {
  bool masked, added, causal;
};
// One head with everything in memory, and every other element of a row unused.
template <class T>
struct Problem {
  Sizes s;
  std::vector<T> query, key, value, added, grad;
  std::unique_ptr<bool[]> hidden;
  AttentionHead<T> head;

  Problem(const Sizes& sizes, const Flags& flags)
      : s(sizes),
        query(random_values<T>(2 * s.targets * s.size, 1, -2, 2)),
        key(random_values<T>(2 * s.sources * s.size, 2, -2, 2)),
        value(random_values<T>(2 * s.sources * s.value_size, 3, -2, 2)),
        added(random_values<T>(s.targets * s.sources, 4, -2, 2)),
        grad(random_values<T>(2 * s.targets * s.value_size, 5, -2, 2)),
        hidden(new bool[s.targets * s.sources]) {
    for (int64_t i = 0; i < s.targets; ++i) {
      for (int64_t j = 0; j < s.sources; ++j) {
        // The second target sees nothing, the others neither every third source nor a whole tile of them.
        hidden[i * s.sources + j] = i == 1 || (i + j) % 3 == 1 || (j >= 96 && j < 192);
        if ((i * 7 + j) % 11 == 3) added[i * s.sources + j] = -std::numeric_limits<T>::infinity();
      }
    }
    head.targets = s.targets;
    head.sources = s.sources;
    head.size = s.size;
    head.value_size = s.value_size;
    head.query = {query.data(), 2 * s.size, 2};
    head.key = {key.data(), 2 * s.size, 2};
    head.value = {value.data(), 2 * s.value_size, 2};
    if (flags.masked) head.hidden = {hidden.get(), s.sources, 1};
    if (flags.added) head.added = {added.data(), s.sources, 1};
    head.causal = flags.causal;
    head.scale = T{0.5};
  }
};

template <class T>
struct Results {
  std::vector<T> output, maxima, inverse_sums, query, key, value;
  explicit Results(const Sizes& s)
      : output(s.targets * s.value_size),
        maxima(s.targets),
        inverse_sums(s.targets),
        query(s.targets * s.size),
        key(s.sources * s.size),
        value(s.sources * s.value_size) {}
};

// p(i, j) in long double, 0 where hidden.
template <class T>
std::vector<Real> naive_weights(const Problem<T>& p) {
  const Sizes& s = p.s;
  std::vector<Real> weights(s.targets * s.sources, 0);
  for (int64_t i = 0; i < s.targets; ++i) {
    std::vector<Real> scores(s.sources, -HUGE_VALL);
    Real max = -HUGE_VALL, sum = 0;
    for (int64_t j = 0; j < s.sources; ++j) {
      if ((p.head.hidden.data != nullptr && p.hidden[i * s.sources + j]) || (p.head.causal && j > i)) continue;
      Real score = 0;
      for (int64_t d = 0; d < s.size; ++d) score += Real{p.query[2 * (i * s.size + d)]} * p.key[2 * (j * s.size + d)];
      scores[j] = score * p.head.scale + (p.head.added.data != nullptr ? p.added[i * s.sources + j] : 0);
      max = std::max(max, scores[j]);
    }
    for (int64_t j = 0; j < s.sources; ++j) {
      const Real power = max == -HUGE_VALL ? 0 : std::exp(scores[j] - max);
      weights[i * s.sources + j] = power;
      sum += power;
    }
    for (int64_t j = 0; j < s.sources && sum > 0; ++j) weights[i * s.sources + j] /= sum;
  }
  return weights;
}

template <class T>
Results<Real> naive(const Problem<T>& p) {
  const Sizes& s = p.s;
  Results<Real> r(s);
  const std::vector<Real> weights = naive_weights(p);
  for (int64_t i = 0; i < s.targets; ++i) {
    std::vector<Real> products(s.sources, 0);
    Real delta = 0;
    for (int64_t j = 0; j < s.sources; ++j) {
      const Real w = weights[i * s.sources + j];
      for (int64_t d = 0; d < s.value_size; ++d) {
        const Real value = p.value[2 * (j * s.value_size + d)], grad = p.grad[2 * (i * s.value_size + d)];
        r.output[i * s.value_size + d] += w * value;
        r.value[j * s.value_size + d] += w * grad;
        products[j] += grad * value;
      }
      delta += w * products[j];
    }
    for (int64_t j = 0; j < s.sources; ++j) {
      const Real slope = weights[i * s.sources + j] * (products[j] - delta) * p.head.scale;
      for (int64_t d = 0; d < s.size; ++d) {
        r.query[i * s.size + d] += slope * p.key[2 * (j * s.size + d)];
        r.key[j * s.size + d] += slope * p.query[2 * (i * s.size + d)];
      }
    }
  }
  return r;
}

struct Free {
  void operator()(void* p) const { std::free(p); }
};
using Workspace = std::unique_ptr<void, Free>;
template <class T>
Workspace workspace_for(const Sizes& s) {
  const size_t bytes = attention().get<T>().workspace_bytes(s.targets, s.sources, s.size, s.value_size);
  return Workspace(std::aligned_alloc(64, (bytes + 63) / 64 * 64));
}

template <class T>
AttentionGradient<T> gradient_of(const Problem<T>& p, Results<T>& r) {
  return {{p.grad.data(), 2 * p.s.value_size, 2},
          {r.query.data(), p.s.size, 1},
          {r.key.data(), p.s.size, 1},
          {r.value.data(), p.s.value_size, 1}};
}

template <class T>
AttentionRecord<T> record_of(const Problem<T>& p, Results<T>& r) {
  return {r.output.data(), p.s.value_size, r.maxima.data(), r.inverse_sums.data()};
}
template <class T>
AttentionRecord<const T> finished(const Problem<T>& p, const Results<T>& r) {
  return {r.output.data(), p.s.value_size, r.maxima.data(), r.inverse_sums.data()};
}

template <class T>
Results<T> tiled(const Problem<T>& p) {
  Results<T> r(p.s);
  const Workspace workspace = workspace_for<T>(p.s);
  attention().get<T>().forward(p.head, record_of(p, r), 0, p.s.targets, workspace.get());
  attention().get<T>().backward(p.head, finished(p, r), gradient_of(p, r), {0, p.s.targets, 0, p.s.sources},
                                workspace.get());
  return r;
}

template <class T>
bool near(const std::vector<T>& got, const std::vector<Real>& want) {
  Real largest = 0, worst = 0;
  for (size_t i = 0; i < want.size(); ++i) {
    largest = std::max(largest, std::abs(want[i]));
    worst = std::max(worst, std::isnan(got[i]) ? HUGE_VALL : std::abs(got[i] - want[i]));
  }
  return worst <= 64 * std::numeric_limits<T>::epsilon() * (largest + 1);
}

}  // namespace heed::kernels::test
