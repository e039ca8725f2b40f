// Layer norm, and that by the root of the mean square, of rows whose squares leave the range of numbers, first and
// second order.
#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/norm.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/rms_norm.h>
#include <heed/tensor/elementwise.h>

#include "support/reference.h"

namespace heed::test {
namespace {

using Normalise = Variable (*)(const Variable& x, const Variable& weight, const Variable& bias);
Variable by_layer_norm(const Variable& x, const Variable& weight, const Variable& bias) {
  return layer_norm(x, 1, weight, bias, 0);
}
Variable by_rms_norm(const Variable& x, const Variable& weight, const Variable& bias) {
  return rms_norm(x, 1, weight, 0) + bias;
}

/// {y, gradients of x, weight and bias, second-order gradient of x} of normalise(factor · x).
std::vector<Tensor> everything(Normalise normalise, double factor, DType dtype, bool create_graph) {
  const Variable x(random_tensor({3, 20}, 1, dtype), true), weight(random_tensor({20}, 2, dtype), true),
      bias(random_tensor({20}, 3, dtype), true), cotangent(random_tensor({3, 20}, 4, dtype));
  const Variable y = normalise(x * factor, weight, bias);
  const std::vector<Variable> gradients =
      grad({y}, {x, weight, bias}, {.gradients = {cotangent}, .create_graph = create_graph});
  std::vector<Tensor> all{y.value()};
  for (const Variable& each : gradients) {
    all.push_back(each.value());
  }
  if (create_graph) {
    all.push_back(grad({sum(gradients[0] * gradients[0])}, {x})[0].value());
  }
  return all;
}

TEST_CASE("norms of huge and tiny rows are those of their multiples, and so are their gradients") {
  const Normalise normalise = GENERATE(&by_layer_norm, &by_rms_norm);
  for (const DType dtype : {DType::float32, DType::float64}) {
    const int exponent = dtype == DType::float32 ? 100 : 900;
    for (const bool create_graph : {false, true}) {
      const std::vector<Tensor> want = everything(normalise, 1, dtype, create_graph);
      for (const double factor : {std::ldexp(1, exponent), std::ldexp(1, -exponent)}) {
        const std::vector<Tensor> got = everything(normalise, factor, dtype, create_graph);
        for (size_t i = 0; i < want.size(); ++i) {
          CAPTURE(dtype, create_graph, factor, i);
          check_close(got[i], want[i], dtype == DType::float32 ? 1e-4 : 1e-12);
        }
      }
    }
  }
}

TEST_CASE("a huge row changes no bit of the other rows' gradients, of first and second order") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Variable cotangent(random_tensor({3, 20}, 4, dtype));
    const auto gradients = [&](double factor, double eps) {
      const Tensor rows = random_tensor({3, 20}, 1, dtype);
      Tensor middle = narrow(rows, 0, 1, 1);
      mul_(middle, factor);
      const Variable x(rows, true);
      const Variable first =
          grad({layer_norm(x, 1, {}, {}, eps)}, {x}, {.gradients = {cotangent}, .create_graph = true})[0];
      return std::pair{first.value(), grad({sum(first * first)}, {x})[0].value()};
    };
    for (const double eps : {0.1, 0.3, 0.7}) {
      const auto plain = gradients(1, eps), beside = gradients(dtype == DType::float32 ? 0x1p100 : 0x1p900, eps);
      for (const int64_t row : {0, 2}) {
        CHECK(same_bits(narrow(beside.first, 0, row, 1), narrow(plain.first, 0, row, 1)));
        CHECK(same_bits(narrow(beside.second, 0, row, 1), narrow(plain.second, 0, row, 1)));
      }
    }
  }
}

}  // namespace
}  // namespace heed::test
