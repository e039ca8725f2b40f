// What PyTorch 1.13 gives at the edges: ±1e4, ±infinity, NaN and huge spreads, values and gradients. The rows were
// printed by PyTorch in float64; gradients are those of 1, 2, 4 fed into three outputs, of 1 into others. One is
// later PyTorch's: 0 for logsumexp of nothing but -infinity. Gradients of logsumexp are rounded better than PyTorch's.
#include <limits>
#include <map>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/vector_norm.h>
#include <heed/tensor/create.h>

#include "support/functions.h"
#include "support/reference.h"

namespace heed::test {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Edge {
  std::string name;
  std::vector<double> x, y, gradient;
};

const Edge kEdges[] = {
    {"softmax", {10000, 0, -10000}, {1, 0, 0}, {0, 0, 0}},
    {"softmax",
     {10000, 10000, 10000},
     {0.3333333333333333, 0.3333333333333333, 0.3333333333333333},
     {-0.4444444444444443, -0.11111111111111101, 0.5555555555555556}},
    {"softmax",
     {-10000, -10000, -9999},
     {0.21194155761708547, 0.21194155761708547, 0.5761168847658291},
     {-0.41122855362547467, -0.1992869960083892, 0.6105155496338637}},
    {"softmax", {kInf, 0, 1}, {kNaN, kNaN, kNaN}, {kNaN, kNaN, kNaN}},
    {"softmax",
     {-kInf, 0, 1},
     {0, 0.26894142136999516, 0.7310585786300049},
     {0, -0.3932238664829638, 0.39322386648296354}},
    {"softmax", {-kInf, -kInf, -kInf}, {kNaN, kNaN, kNaN}, {kNaN, kNaN, kNaN}},
    {"softmax", {kInf, -kInf, 0}, {kNaN, kNaN, kNaN}, {kNaN, kNaN, kNaN}},
    {"softmax", {kInf, kInf, 0}, {kNaN, kNaN, kNaN}, {kNaN, kNaN, kNaN}},
    {"softmax", {1e+300, -1e+300, 0}, {1, 0, 0}, {0, 0, 0}},
    {"softmax", {kNaN, 0, 1}, {kNaN, kNaN, kNaN}, {kNaN, kNaN, kNaN}},
    {"log_softmax", {10000, 0, -10000}, {0, -10000, -20000}, {-6, 2, 4}},
    {"log_softmax",
     {10000, 10000, 10000},
     {-1.0986122886681098, -1.0986122886681098, -1.0986122886681098},
     {-1.3333333333333333, -0.3333333333333332, 1.6666666666666667}},
    {"log_softmax",
     {-10000, -10000, -9999},
     {-1.551444713932051, -1.551444713932051, -0.5514447139320511},
     {-0.4835909033195981, 0.5164090966804019, -0.03281819336080383}},
    {"log_softmax", {kInf, 0, 1}, {kNaN, kNaN, kNaN}, {kNaN, kNaN, kNaN}},
    {"log_softmax",
     {-kInf, 0, 1},
     {-kInf, -1.3132616875182228, -0.31326168751822286},
     {1, 0.11741005041003427, -1.1174100504100344}},
    {"log_softmax", {-kInf, -kInf, -kInf}, {kNaN, kNaN, kNaN}, {kNaN, kNaN, kNaN}},
    {"log_softmax", {kInf, -kInf, 0}, {kNaN, kNaN, kNaN}, {kNaN, kNaN, kNaN}},
    {"log_softmax", {kInf, kInf, 0}, {kNaN, kNaN, kNaN}, {kNaN, kNaN, kNaN}},
    {"log_softmax", {1e+300, -1e+300, 0}, {0, -2e+300, -1e+300}, {-6, 2, 4}},
    {"log_softmax", {kNaN, 0, 1}, {kNaN, kNaN, kNaN}, {kNaN, kNaN, kNaN}},
    {"logsumexp", {10000, 0, -10000}, {10000}, {1, 0, 0}},
    {"logsumexp",
     {10000, 10000, 10000},
     {10001.098612288668},
     {0.3333333333333333, 0.3333333333333333, 0.3333333333333333}},
    {"logsumexp",
     {-10000, -10000, -9999},
     {-9998.448555286068},
     {0.21194155761708547, 0.21194155761708547, 0.5761168847658291}},
    {"logsumexp", {kInf, 0, 1}, {kInf}, {kNaN, 0, 0}},
    {"logsumexp", {-kInf, 0, 1}, {1.3132616875182228}, {0, 0.2689414213699951, 0.7310585786300049}},
    {"logsumexp", {-kInf, -kInf, -kInf}, {-kInf}, {0, 0, 0}},
    {"logsumexp", {kInf, -kInf, 0}, {kInf}, {kNaN, 0, 0}},
    {"logsumexp", {kInf, kInf, 0}, {kInf}, {kNaN, kNaN, 0}},
    {"logsumexp", {1e+300, -1e+300, 0}, {1e+300}, {1, 0, 0}},
    {"logsumexp", {kNaN, 0, 1}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"cross_entropy_0", {10000, 0, -10000}, {0}, {0, 0, 0}},
    {"cross_entropy_0",
     {10000, 10000, 10000},
     {1.0986122886681098},
     {-0.6666666666666667, 0.3333333333333333, 0.3333333333333333}},
    {"cross_entropy_0",
     {-10000, -10000, -9999},
     {1.551444713932051},
     {-0.7880584423829146, 0.21194155761708544, 0.5761168847658291}},
    {"cross_entropy_0", {kInf, 0, 1}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"cross_entropy_0", {-kInf, 0, 1}, {kInf}, {-1, 0.2689414213699951, 0.7310585786300049}},
    {"cross_entropy_0", {-kInf, -kInf, -kInf}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"cross_entropy_0", {kInf, -kInf, 0}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"cross_entropy_0", {kInf, kInf, 0}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"cross_entropy_0", {1e+300, -1e+300, 0}, {0}, {0, 0, 0}},
    {"cross_entropy_0", {kNaN, 0, 1}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"cross_entropy_1", {10000, 0, -10000}, {10000}, {1, -1, 0}},
    {"cross_entropy_1",
     {10000, 10000, 10000},
     {1.0986122886681098},
     {0.3333333333333333, -0.6666666666666667, 0.3333333333333333}},
    {"cross_entropy_1",
     {-10000, -10000, -9999},
     {1.551444713932051},
     {0.21194155761708544, -0.7880584423829146, 0.5761168847658291}},
    {"cross_entropy_1", {kInf, 0, 1}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"cross_entropy_1", {-kInf, 0, 1}, {1.3132616875182228}, {0, -0.7310585786300049, 0.7310585786300049}},
    {"cross_entropy_1", {-kInf, -kInf, -kInf}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"cross_entropy_1", {kInf, -kInf, 0}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"cross_entropy_1", {kInf, kInf, 0}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"cross_entropy_1", {1e+300, -1e+300, 0}, {2e+300}, {1, -1, 0}},
    {"cross_entropy_1", {kNaN, 0, 1}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"smooth_cross_entropy_0",
     {10000, 0, -10000},
     {1000},
     {0.06666666666666665, -0.03333333333333333, -0.03333333333333333}},
    {"smooth_cross_entropy_0", {10000, 10000, 10000}, {1.0986122886681098}, {-0.6000000000000001, 0.3, 0.3}},
    {"smooth_cross_entropy_0",
     {-10000, -10000, -9999},
     {1.5181113805987176},
     {-0.7213917757162479, 0.17860822428375212, 0.5427835514324958}},
    {"smooth_cross_entropy_0", {kInf, 0, 1}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"smooth_cross_entropy_0", {-kInf, 0, 1}, {kInf}, {-0.9333333333333333, 0.23560808803666178, 0.6977252452966716}},
    {"smooth_cross_entropy_0", {-kInf, -kInf, -kInf}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"smooth_cross_entropy_0", {kInf, -kInf, 0}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"smooth_cross_entropy_0", {kInf, kInf, 0}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"smooth_cross_entropy_0",
     {1e+300, -1e+300, 0},
     {1e+299},
     {0.06666666666666665, -0.03333333333333333, -0.03333333333333333}},
    {"smooth_cross_entropy_0", {kNaN, 0, 1}, {kNaN}, {kNaN, kNaN, kNaN}},
    {"sigmoid",
     {10000, -10000, kInf, -kInf, 0, 745, -700, 40, -40, 1e+300, kNaN},
     {1, 0, 1, 0, 0.5, 1, 9.85967654375977e-305, 1, 4.248354255291589e-18, 1, kNaN},
     {0, 0, 0, 0, 0.25, 0, 9.85967654375977e-305, 0, 4.248354255291589e-18, 0, kNaN}},
    {"softplus",
     {10000, -10000, kInf, -kInf, 0, 745, -700, 40, -40, 1e+300, kNaN},
     {10000, 0, kInf, 0, 0.6931471805599453, 745, 9.85967654375977e-305, 40, 4.248354255291589e-18, 1e+300, kNaN},
     {1, 0, 1, 0, 0.5, 1, 9.85967654375977e-305, 1, 4.248354255291589e-18, 1, kNaN}},
    {"tanh",
     {10000, -10000, kInf, -kInf, 0, 745, -700, 40, -40, 1e+300, kNaN},
     {1, -1, 1, -1, 0, 1, -1, 1, -1, 1, kNaN},
     {0, 0, 0, 0, 1, 0, 0, 0, 0, 0, kNaN}},
    {"exp",
     {10000, -10000, kInf, -kInf, 0, 700, -700, kNaN},
     {kInf, 0, kInf, 0, 1, 1.0142320547350045e+304, 9.85967654375977e-305, kNaN},
     {kInf, 0, kInf, 0, 1, 1.0142320547350045e+304, 9.85967654375977e-305, kNaN}},
    {"log",
     {0, kInf, 1, -1, 1e+300, 1e-300, kNaN},
     {-kInf, kInf, 0, kNaN, 690.7755278982137, -690.7755278982137, kNaN},
     {kInf, 0, 1, -1, 1e-300, 9.999999999999999e+299, kNaN}},
};

Variable loss(const Variable& x, int64_t target, double smoothing) {
  return cross_entropy(x, tensor<int64_t>({target}), {.label_smoothing = smoothing});
}

const std::map<std::string, Variable (*)(const Variable&)> kOfRows{
    // x is (1, C)
    {"softmax", [](const Variable& x) { return softmax(x, 1); }},
    {"log_softmax", [](const Variable& x) { return log_softmax(x, 1); }},
    {"logsumexp", [](const Variable& x) { return logsumexp(x, {1}); }},
    {"cross_entropy_0", [](const Variable& x) { return loss(x, 0, 0); }},
    {"cross_entropy_1", [](const Variable& x) { return loss(x, 1, 0); }},
    {"smooth_cross_entropy_0", [](const Variable& x) { return loss(x, 0, 0.1); }},
};

/// In float32, what is too large for it is left out.
bool fits(const Edge& edge, DType dtype) {
  const auto large = [](double value) { return std::isfinite(value) && std::abs(value) > 1e30; };
  return dtype == DType::float64 ||
         (std::none_of(edge.x.begin(), edge.x.end(), large) && std::none_of(edge.y.begin(), edge.y.end(), large));
}

void check_edge(const Edge& edge, DType dtype) {
  CAPTURE(edge.name, edge.x, dtype);
  const auto size = static_cast<int64_t>(edge.x.size());
  const Variable x(to(from_vector(edge.x, {1, size}), dtype), true);
  const auto of_rows = kOfRows.find(edge.name);
  const Variable y = of_rows == kOfRows.end() ? function<Variable>(edge.name).heed(x) : of_rows->second(x);
  const double tolerance = dtype == DType::float64 ? 1e-12 : 1e-6;
  check_close(values(y.value()), edge.y, tolerance);
  Tensor given = ones_like(y.value());
  if (y.numel() == 3) {
    given = to(tensor<double>({1, 2, 4}), dtype);
  }
  const Tensor cotangent = reshape(given, y.shape());
  check_close(values(grad({y}, {x}, {.gradients = {Variable(cotangent)}})[0].value()), edge.gradient, tolerance);
}

TEST_CASE("values and gradients at the edges are PyTorch's") {
  for (const Edge& edge : kEdges) {
    check_edge(edge, DType::float64);
    if (fits(edge, DType::float32)) {
      check_edge(edge, DType::float32);
    }
  }
}

TEST_CASE("first and second gradients of a norm are finite where elements are 0") {
  const auto gradients = [](std::vector<double> values, double p) {
    const Variable x(from_vector<double>(values, {static_cast<int64_t>(values.size())}), true);
    const Variable first = grad({norm(x, p)}, {x}, {.create_graph = true})[0];
    return std::pair{first.value(), grad({sum(first * first)}, {x})[0].value()};
  };
  for (const double p : {0.25, 0.5, 0.9, 1.1, 1.5, 1.9}) {
    CAPTURE(p);
    const auto [first, second] = gradients({0, 1, 2}, p);
    const auto [first_of_rest, second_of_rest] = gradients({1, 2}, p);
    check_close(values(first), {0, values(first_of_rest)[0], values(first_of_rest)[1]}, 1e-12);
    check_close(values(second), {0, values(second_of_rest)[0], values(second_of_rest)[1]}, 1e-12);
    check_close(values(gradients({0, 0, 0}, p).first), {0, 0, 0}, 0);
    check_close(values(gradients({0, 0, 0}, p).second), {0, 0, 0}, 0);
  }
  check_close(values(gradients({1e-300, 1e300}, 0.5).first), {0, 1}, 0);
}

}  // namespace
}  // namespace heed::test
