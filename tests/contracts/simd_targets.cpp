// Every SIMD target of this machine agrees with the scalar one within the bounds that docs/numerics.md states, and some
// kernels to the bit with targets of other machines.
#include <bit>
#include <cmath>
#include <functional>
#include <iomanip>
#include <iostream>

#include <heed/autograd/backward.h>
#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/core/layer_norm.h>
#include <heed/nn/core/rms_norm.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/recurrent/gru.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/nn/recurrent/rnn.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/random.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/softmax.h>

#include "contracts/simd_target.h"
#include "support/reference.h"
#include "support/ulps.h"

namespace heed::test {
namespace {

using Tensors = std::vector<Tensor>;

/// Kernels of one kind. Differences count in units in the last place of each element, or of the array's largest one
/// where an element is a sum of others.
struct Family {
  const char* name;
  std::function<Tensors(DType)> compute;
  bool of_each;
  double float32_ulps, float64_ulps;
};

Tensor random(const Shape& shape, DType dtype, double low = -3, double high = 3, uint32_t seed = 1) {
  return to(random_tensor(shape, seed, DType::float64, low, high), dtype);
}

/// Outputs, and gradients of random ones fed into `outputs`.
Tensors with_gradients(const std::vector<Variable>& outputs, std::vector<Variable> leaves, const Module& layer) {
  const std::vector<Variable> parameters = layer.parameters();
  leaves.insert(leaves.end(), parameters.begin(), parameters.end());
  Tensors result;
  std::vector<Variable> given;
  for (const Variable& output : outputs) {
    result.push_back(output.value());
    given.emplace_back(random(output.shape(), output.dtype(), -1, 1, 9));
  }
  for (const Variable& gradient : grad(outputs, leaves, {.gradients = given})) {
    result.push_back(gradient.value());
  }
  return result;
}

/// Runs a layer made anew with the same parameters each time.
template <class Layer, class Make, class Forward>
Tensors layer_results(DType dtype, const Shape& input, const Make& make, const Forward& forward) {
  seed_default_generator(5);
  const auto layer = make();
  layer->to(dtype);
  const Variable x(random(input, dtype, -1, 1), true);
  return with_gradients(forward(*layer, x), {x}, *layer);
}

Tensors adam_results(DType dtype) {
  Variable parameter(random({301}, dtype), true);
  Adam adam(std::vector<Variable>{parameter}, {.lr = 0.01, .weight_decay = 0.1});
  for (uint32_t step = 0; step < 5; ++step) {
    parameter.set_grad(random({301}, dtype, -1, 1, 20 + step));
    adam.step();
  }
  return {parameter.value()};
}

const std::vector<Family>& families() {
  static const std::vector<Family> all{
      {"arithmetic, sqrt, relu, abs",
       [](DType d) {
         const Tensor x = random({1003}, d, 0.1, 3), y = random({1003}, d, 0.1, 3, 2);
         return Tensors{x + y, x - y, x * y, x / y, sqrt(x), relu(x - 1.0), abs(x - 1.0), maximum(x, y)};
       },
       true, 0, 0},
      {"exp, log, tanh, sigmoid",
       [](DType d) {
         return Tensors{exp(random({5003}, d, -20, 20)), log(random({5003}, d, 0, 9)), tanh(random({5003}, d, -6, 6)),
                        sigmoid(random({5003}, d, -20, 20))};
       },
       true, 4, 4},
      {"erf, sin, cos, silu, softplus",
       [](DType d) {
         return Tensors{erf(random({5003}, d, -4, 4)), sin(random({5003}, d, -50, 50)), cos(random({5003}, d, -50, 50)),
                        silu(random({5003}, d, -20, 20)), softplus(random({5003}, d, -20, 30))};
       },
       true, 4, 4},
      {"max, min",
       [](DType d) {
         return Tensors{max(random({37, 53}, d), {1}), min(random({37, 53}, d), {0})};
       },
       true, 0, 0},
      {"sum, mean, var, logsumexp, cumsum",
       [](DType d) {
         const Tensor x = random({37, 203}, d);
         return Tensors{sum(x, {1}), sum(x, {0}), mean(x), var(x, {1}), logsumexp(x, {1}), cumsum(x, 1)};
       },
       false, 16, 16},
      {"matmul",
       [](DType d) {
         return Tensors{matmul(random({67, 301}, d), random({301, 45}, d, -3, 3, 2)),
                        matmul(random({3, 5}, d), random({5, 7}, d, -3, 3, 2))};
       },
       false, 8, 8},
      {"softmax, log_softmax",
       [](DType d) {
         const Tensor x = random({31, 77}, d, -9, 9);
         return Tensors{softmax(x, 1), log_softmax(x, 1), softmax(x, 0)};
       },
       false, 4, 4},
      {"layer_norm",
       [](DType d) {
         return layer_results<LayerNorm>(
             d, {31, 77}, [] { return std::make_unique<LayerNorm>(Shape{77}); },
             [](LayerNorm& layer, const Variable& x) { return std::vector{layer.forward(x)}; });
       },
       false, 8, 8},
      {"rms_norm",
       [](DType d) {
         return layer_results<RMSNorm>(
             d, {31, 77}, [] { return std::make_unique<RMSNorm>(77); },
             [](RMSNorm& layer, const Variable& x) { return std::vector{layer.forward(x)}; });
       },
       false, 8, 8},
      {"RNN, LSTM, GRU",
       [](DType d) {
         Tensors results = layer_results<LSTM>(
             d, {5, 12, 19}, [] { return std::make_unique<LSTM>(19, 37); },
             [](LSTM& layer, const Variable& x) { return std::vector{layer.forward(x).output}; });
         for (Tensor& each : layer_results<GRU>(
                  d, {5, 12, 19}, [] { return std::make_unique<GRU>(19, 37); },
                  [](GRU&layer, const Variable&x) { return std::vector{layer.forward(x).output}; })) {
           results.push_back(std::move(each));
         }
         for (Tensor& each : layer_results<RNN>(
                  d, {5, 12, 19}, [] { return std::make_unique<RNN>(19, 37); },
                  [](RNN&layer, const Variable&x) { return std::vector{layer.forward(x).output}; })) {
           results.push_back(std::move(each));
         }
         return results;
       },
       false, 16, 16},
      {"attention",
       [](DType d) {
         return layer_results<MultiheadAttention>(
             d, {3, 29, 24}, [] { return std::make_unique<MultiheadAttention>(24, 3); },
             [](MultiheadAttention& layer, const Variable& x) {
               return std::vector{layer.forward(x, x, x, Mask::causal()).output};
             });
       },
       false, 16, 16},
      {"optimiser steps", &adam_results, false, 4, 4},
  };
  return all;
}

/// The largest difference of two results, in units in the last place.
template <class T>
double distance(const Tensors& actual, const Tensors& expected, bool of_each) {
  double largest = 0;
  REQUIRE(actual.size() == expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    const std::vector<double> a = values(actual[i]), e = values(expected[i]);
    double scale = 0;
    for (const double value : e) {
      scale = std::max(scale, std::abs(value));
    }
    for (size_t k = 0; k < e.size(); ++k) {
      const double unit = unit_of<T>(of_each ? e[k] : scale);
      largest = std::max(largest, a[k] == e[k] ? 0 : std::abs(a[k] - e[k]) / unit);
      REQUIRE(!std::isnan(a[k]));
    }
  }
  return largest;
}

TEST_CASE("SIMD targets agree with the scalar one within stated units in the last place") {
  const SimdTarget restored;
  for (const Family& family : families()) {
    set_simd_target("scalar");
    const Tensors single_precision = family.compute(DType::float32), wide = family.compute(DType::float64);
    for (const std::string& target : simd_targets()) {
      set_simd_target(target);
      const double f32 = distance<float>(family.compute(DType::float32), single_precision, family.of_each);
      const double f64 = distance<double>(family.compute(DType::float64), wide, family.of_each);
      std::cout << std::left << std::setw(36) << family.name << std::setw(8) << target << " float32 " << f32
                << ", float64 " << f64 << " ulps" << std::endl;
      CAPTURE(family.name, target, f32, f64);
      CHECK(f32 <= family.float32_ulps);
      CHECK(f64 <= family.float64_ulps);
    }
  }
}

/// A number that depends on each bit of each element (FNV-1a).
template <class T>
uint64_t digest(const Tensors& results) {
  using Word = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  uint64_t hash = 0xcbf29ce484222325;
  for (const Tensor& result : results) {
    for (const T value : result.to_vector<T>()) {
      hash = (hash ^ std::bit_cast<Word>(value)) * 0x100000001b3;
    }
  }
  return hash;
}

/// Functions of one element, which no width of vectors changes.
Tensors element_results(DType d) {
  const Tensor near = random({5003}, d, -6, 6), wide = random({5003}, d, -700, 700, 2);
  return {exp(near),     exp(wide),      log(abs(wide)), tanh(near),  tanh(wide),
          sigmoid(near), sigmoid(wide),  erf(near),      sin(wide),   cos(wide),
          silu(wide),    softplus(near), softplus(wide), near / wide, maximum(near, wide)};
}

TEST_CASE("targets that fuse multiply-adds have the same bits on x86 and Arm, and so have those that do not") {
  // What this test printed on x86. New bits of a function change them; then they must be the same on Arm again.
  constexpr uint64_t kFused[] = {0xaee0e21230b0b879, 0xa20729989c929c75};
  constexpr uint64_t kSeparate[] = {0xbd3411c9a314a485, 0x767b047cbe63938f};
  const SimdTarget restored;
  for (const std::string& target : simd_targets()) {
    set_simd_target(target);
    const auto& expected = target == "scalar" || target == "sse4" ? kSeparate : kFused;
    const uint64_t f32 = digest<float>(element_results(DType::float32));
    const uint64_t f64 = digest<double>(element_results(DType::float64));
    std::cout << "functions of one element     " << std::left << std::setw(8) << target << std::hex << " float32 0x"
              << f32 << ", float64 0x" << f64 << std::dec << std::endl;
    CAPTURE(target);
    CHECK(f32 == expected[0]);
    CHECK(f64 == expected[1]);
  }
}

}  // namespace
}  // namespace heed::test
