// One reference for each function of a line of numbers (softmax, cross-entropy, layer norm) and its gradient, in long
// double, for its kernel, for tensors along any axis and for Variables.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace heed::test {

using Real = long double;
using Line = std::vector<Real>;

template <class T>
Line line_of(const std::vector<T>& x) {
  return Line(x.begin(), x.end());
}

inline Real sum_of(const Line& x) {
  Real sum = 0;
  for (const Real each : x) {
    sum += each;
  }
  return sum;
}
inline Real dot_of(const Line& x, const Line& y) {
  Real sum = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    sum += x[i] * y[i];
  }
  return sum;
}
inline Real mean_of(const Line& x) { return sum_of(x) / static_cast<Real>(x.size()); }
/// The sum of squared distances from the mean.
inline Real spread_of(const Line& x) {
  const Real mean = mean_of(x);
  Line distances = x;
  for (Real& each : distances) {
    each -= mean;
  }
  return dot_of(distances, distances);
}
inline Real logsumexp_of(const Line& x) {
  Real sum = 0;  // the range of long double needs no shift
  for (const Real each : x) {
    sum += std::exp(each);
  }
  return std::log(sum);
}

/// Softmax of what is not hidden (1 in `hidden`, of x's size, or empty); all hidden gives zeros.
inline Line softmax_of(const Line& x, const Line& hidden = {}) {
  const auto visible = [&](size_t i) { return hidden.empty() || hidden[i] == 0; };
  Line y(x.size(), 0);
  Real sum = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    sum += y[i] = visible(i) ? std::exp(x[i]) : 0;
  }
  for (Real& each : y) {
    each /= sum > 0 ? sum : 1;
  }
  return y;
}
/// y (g - Σ y g)
inline Line softmax_gradient(const Line& y, const Line& grad) {
  const Real dot = dot_of(y, grad);
  Line dx = y;
  for (size_t i = 0; i < y.size(); ++i) {
    dx[i] *= grad[i] - dot;
  }
  return dx;
}
inline Line log_softmax_of(const Line& x) {
  const Real log_sum = logsumexp_of(x);
  Line y = x;
  for (Real& each : y) {
    each -= log_sum;
  }
  return y;
}
/// g - exp(y) Σ g
inline Line log_softmax_gradient(const Line& y, const Line& grad) {
  const Real sum = sum_of(grad);
  Line dx = grad;
  for (size_t i = 0; i < y.size(); ++i) {
    dx[i] -= std::exp(y[i]) * sum;
  }
  return dx;
}

/// The smoothed target of cross-entropy: what is wanted of each class.
inline Line smoothed_target(size_t classes, int64_t target, Real smoothing) {
  Line wanted(classes, smoothing / static_cast<Real>(classes));
  wanted[static_cast<size_t>(target)] += 1 - smoothing;
  return wanted;
}
inline Real cross_entropy_of(const Line& logits, int64_t target, Real smoothing) {
  return -dot_of(smoothed_target(logits.size(), target, smoothing), log_softmax_of(logits));
}
/// softmax(logits) - smoothed target
inline Line cross_entropy_gradient(const Line& logits, int64_t target, Real smoothing) {
  Line dx = softmax_of(logits);
  const Line wanted = smoothed_target(logits.size(), target, smoothing);
  for (size_t i = 0; i < dx.size(); ++i) {
    dx[i] -= wanted[i];
  }
  return dx;
}

/// Layer norm of one row: what is normalised, and the gradients for `grad`. Centred on 0 instead of the mean it is the
/// norm by the root of the mean square.
struct NormOfLine {
  bool centred;
  Real mean, inverse_deviation;
  Line normalised;

  NormOfLine(const Line& x, Real epsilon, bool centred_on_mean = true)
      : centred(centred_on_mean),
        mean(centred ? mean_of(x) : 0),
        inverse_deviation(1 /
                          std::sqrt((centred ? spread_of(x) : dot_of(x, x)) / static_cast<Real>(x.size()) + epsilon)),
        normalised(x) {
    for (Real& each : normalised) {
      each = (each - mean) * inverse_deviation;
    }
  }
  /// γ · normalised + β, each of which may be empty.
  Line scaled(const Line& gamma, const Line& beta) const {
    Line y = normalised;
    for (size_t i = 0; i < y.size(); ++i) {
      y[i] = y[i] * (gamma.empty() ? 1 : gamma[i]) + (beta.empty() ? 0 : beta[i]);
    }
    return y;
  }
  /// With u = γ g: (u - mean(u) - v mean(u v)) / deviation, v what is normalised.
  Line gradient(const Line& grad, const Line& gamma) const {
    Line dx = grad;
    for (size_t i = 0; i < dx.size(); ++i) {
      dx[i] *= gamma.empty() ? 1 : gamma[i];
    }
    const Real mean_u = centred ? mean_of(dx) : 0, mean_uv = dot_of(dx, normalised) / static_cast<Real>(dx.size());
    for (size_t i = 0; i < dx.size(); ++i) {
      dx[i] = inverse_deviation * (dx[i] - mean_u - normalised[i] * mean_uv);
    }
    return dx;
  }
};

}  // namespace heed::test
