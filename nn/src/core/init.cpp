// Initialisers: each draws a new tensor and copies it into the parameter.
#include <heed/nn/core/init.h>

#include <algorithm>
#include <cmath>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/overlap.h>
#include <heed/tensor/view.h>

namespace heed {
namespace {

/// calculate_fan(), for the initialiser `op`.
int64_t fan_of(const Shape& weight, Fan fan, const char* op) {
  check<ShapeError>(weight.rank() >= 2, op, "a weight must have two axes or more, got ", weight);
  int64_t size = weight[fan == Fan::in ? 1 : 0];
  for (int64_t i = 2; i < weight.rank(); ++i) {
    size *= weight[i];
  }
  return size;
}

void check_gain(double gain, const char* op) {
  check(std::isfinite(gain) && gain >= 0, op, "the gain must be finite and 0 or more, got ", gain);
}

double kaiming_deviation(const Shape& weight, const KaimingOptions& options, const char* op) {
  const double gain = calculate_gain(options.nonlinearity, options.negative_slope);
  check_gain(gain, op);
  return gain / std::sqrt(static_cast<double>(fan_of(weight, options.fan, op)));
}

double xavier_deviation(const Shape& weight, double gain, const char* op) {
  check_gain(gain, op);
  return gain * std::sqrt(2.0 / static_cast<double>(fan_of(weight, Fan::in, op) + fan_of(weight, Fan::out, op)));
}

/// A uniform distribution of that standard deviation.
void centered_uniform(Variable& weight, double deviation, Generator& generator) {
  const double bound = std::sqrt(3.0) * deviation;
  // With no elements the fan may be zero and the bound infinite, and there is nothing to draw.
  if (weight.numel() > 0) {
    uniform_(weight, -bound, bound, generator);
  }
}

double dot(const double* a, const double* b, int64_t count) {
  double total = 0;
  for (int64_t k = 0; k < count; ++k) {
    total += a[k] * b[k];
  }
  return total;
}

/// Gram-Schmidt on the rows of a (rows ≤ columns). Each row is cleared twice of those above it: once leaves an error
/// that grows with the condition number (Giraud, Langou, Rozložník 2005, "twice is enough").
void orthonormalize_rows(double* a, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; ++i) {
    double* row = a + i * columns;
    for (int64_t above = 0; above < 2 * i; ++above) {
      const double* other = a + (above % i) * columns;
      const double projection = dot(row, other, columns);
      for (int64_t k = 0; k < columns; ++k) {
        row[k] -= projection * other[k];
      }
    }
    const double length = std::sqrt(dot(row, row, columns));
    for (int64_t k = 0; k < columns; ++k) {
      row[k] /= length;
    }
  }
}

}  // namespace

void uniform_(Variable& parameter, double low, double high, Generator& generator) {
  require_writable(parameter.value(), "uniform_");
  copy_(parameter.mutable_value(), rand(parameter.shape(), low, high, parameter.dtype(), generator));
}

void normal_(Variable& parameter, double mean, double deviation, Generator& generator) {
  check(deviation >= 0, "normal_", "the deviation must be 0 or more, got ", deviation);
  require_writable(parameter.value(), "normal_");
  copy_(parameter.mutable_value(), randn(parameter.shape(), parameter.dtype(), generator) * deviation + mean);
}

void constant_(Variable& parameter, double value) {
  require_writable(parameter.value(), "constant_");
  fill_(parameter.mutable_value(), value);
}

double calculate_gain(Gain nonlinearity, double negative_slope) {
  switch (nonlinearity) {
    case Gain::tanh:
      return 5.0 / 3;
    case Gain::relu:
      return std::sqrt(2.0);
    case Gain::leaky_relu:
      return std::sqrt(2.0 / (1 + negative_slope * negative_slope));
    case Gain::selu:
      return 0.75;
    default:
      return 1;
  }
}

int64_t calculate_fan(const Shape& weight, Fan fan) { return fan_of(weight, fan, "calculate_fan"); }

void xavier_uniform_(Variable& weight, double gain, Generator& generator) {
  centered_uniform(weight, xavier_deviation(weight.shape(), gain, "xavier_uniform_"), generator);
}

void xavier_normal_(Variable& weight, double gain, Generator& generator) {
  normal_(weight, 0, xavier_deviation(weight.shape(), gain, "xavier_normal_"), generator);
}

void kaiming_uniform_(Variable& weight, const KaimingOptions& options, Generator& generator) {
  centered_uniform(weight, kaiming_deviation(weight.shape(), options, "kaiming_uniform_"), generator);
}

void kaiming_normal_(Variable& weight, const KaimingOptions& options, Generator& generator) {
  normal_(weight, 0, kaiming_deviation(weight.shape(), options, "kaiming_normal_"), generator);
}

void orthogonal_(Variable& weight, double gain, Generator& generator) {
  check<ShapeError>(weight.rank() >= 2, "orthogonal_", "a weight must have two axes or more, got ", weight.shape());
  require_writable(weight.value(), "orthogonal_");
  const int64_t rows = weight.size(0), columns = calculate_fan(weight.shape(), Fan::in);
  const int64_t fewer = std::min(rows, columns), more = std::max(rows, columns);
  Tensor basis = randn({fewer, more}, DType::float64, generator);
  orthonormalize_rows(basis.mutable_data<double>(), fewer, more);
  const Tensor matrix = rows <= columns ? basis : transpose(basis, 0, 1);
  copy_(weight.mutable_value(), to(reshape(matrix * gain, weight.shape()), weight.dtype()));
}

}  // namespace heed
