// Initialisers: write new values into a parameter (PyTorch's torch.nn.init, names, formulas and defaults).
// All take float32 and float64 leaves and draw from `generator`; the same seed gives the same values.
// They throw ValueError, before they draw, for a parameter whose elements share memory (tensor/overlap.h).
#pragma once

#include <heed/autograd/variable.h>
#include <heed/tensor/random.h>

namespace heed {

/// Uniform in [low, high).
void uniform_(Variable& parameter, double low = 0, double high = 1, Generator& generator = default_generator());
/// Normal with the given mean and standard deviation. Throws ValueError for a negative deviation.
void normal_(Variable& parameter, double mean = 0, double deviation = 1, Generator& generator = default_generator());
void constant_(Variable& parameter, double value);

/// Which size keeps a variance: in for that of signals (forward), out for that of gradients (backward).
enum class Fan { in, out };
enum class Gain { linear, sigmoid, tanh, relu, leaky_relu, selu };

/// The factor by which weights before `nonlinearity` are scaled: 1, 1, 5/3, √2, √(2 / (1 + slope²)), 3/4.
double calculate_gain(Gain nonlinearity, double negative_slope = 0.01);
/// Inputs (size 1) or outputs (size 0) of a weight, times the sizes behind them. Throws ShapeError for rank below 2.
int64_t calculate_fan(const Shape& weight, Fan fan);

/// Variance 2 gain² / (fan in + fan out): Glorot, Bengio 2010, equation 16. Throws ShapeError for rank below 2.
void xavier_uniform_(Variable& weight, double gain = 1, Generator& generator = default_generator());
void xavier_normal_(Variable& weight, double gain = 1, Generator& generator = default_generator());

struct KaimingOptions {
  double negative_slope = 0;  ///< of leaky_relu
  Fan fan = Fan::in;
  Gain nonlinearity = Gain::leaky_relu;
};
/// Variance gain² / fan: He, Zhang, Ren, Sun 2015, section 2.2. Throws ShapeError for rank below 2.
void kaiming_uniform_(Variable& weight, const KaimingOptions& options = {}, Generator& generator = default_generator());
void kaiming_normal_(Variable& weight, const KaimingOptions& options = {}, Generator& generator = default_generator());

/// Orthonormal rows (or columns, if there are fewer), times gain; axes from 1 on count as one.
/// Uniform over all such matrices: Saxe, McClelland, Ganguli 2014, section 3. Throws ShapeError for rank below 2.
void orthogonal_(Variable& weight, double gain = 1, Generator& generator = default_generator());

}  // namespace heed
