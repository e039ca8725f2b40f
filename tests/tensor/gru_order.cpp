// The order in which the GRU adds and rounds, to the bit: PyTorch's, as docs/numerics.md says.
#include <heed/tensor/create.h>
#include <heed/tensor/detail/rnn.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/random.h>
#include <heed/tensor/view.h>

#include "tensor/rnn_cells.h"

using namespace heed;
using namespace heed::test;

namespace {

/// a · b, each sum over k in two chains: the terms at even places and those at odd ones.
Tensor two_chains(const Tensor& a, const Tensor& b) {
  const int64_t k = b.shape()[0];
  return matmul(slice(a, 1, 0, k, 2), slice(b, 0, 0, k, 2)) + matmul(slice(a, 1, 1, k, 2), slice(b, 0, 1, k, 2));
}

Tensor third(const Tensor& x, int64_t i) { return narrow(x, 1, i * x.shape()[1] / 3, x.shape()[1] / 3); }

/// One step, each operation rounded by itself.
Tensor step(const Tensor& gates, const Tensor& w_hh, const Tensor& b_hh, const Tensor& h) {
  const Tensor recurrent = two_chains(h, transpose(w_hh, 0, 1)) + b_hh;
  const Tensor reset = sigmoid(third(gates, 0) + third(recurrent, 0));
  const Tensor update = sigmoid(third(gates, 1) + third(recurrent, 1));
  const Tensor candidate = tanh(third(gates, 2) + reset * third(recurrent, 2));
  return (h - candidate) * update + candidate;
}

}  // namespace

TEMPLATE_TEST_CASE("the GRU rounds after each operation and adds recurrent sums in two chains", "", float, double) {
  const DType dtype = std::is_same_v<TestType, float> ? DType::float32 : DType::float64;
  for (const int64_t hidden : {1, 2, 8, 57}) {
    const Tensor gates = randn({4, 3, 3 * hidden}, dtype), w_hh = randn({3 * hidden, hidden}, dtype);
    const Tensor b_hh = randn({3 * hidden}, dtype), h0 = randn({3, hidden}, dtype);
    const GRUSequence result = gru_sequence(clone(gates), w_hh, b_hh, h0);
    Tensor h = h0;
    for (int64_t t = 0; t < 4; ++t) {
      h = step(select(gates, 0, t), w_hh, b_hh, h);
      INFO("hidden " << hidden << ", step " << t);
      CHECK(same_bits(select(result.output, 0, t), h));
    }
  }
}

TEST_CASE("the GRU's gradient of h0 is z times that of h, plus a product whose sums are in two chains") {
  for (const int64_t hidden : {1, 2, 8, 57}) {
    const Tensor w_hh = randn({3 * hidden, hidden}), b_hh = randn({3 * hidden}), h0 = randn({1, hidden});
    const GRUSequence saved = gru_sequence(randn({1, 1, 3 * hidden}), w_hh, b_hh, h0);
    const Tensor d_output = randn({1, 1, hidden}), d_h = randn({1, hidden});
    const GRUSequenceGradients gradients = gru_sequence_backward(d_output, d_h, saved, w_hh, h0);
    // With one row and one step the gradient of b_hh is what the product multiplies.
    const Tensor product = two_chains(reshape(gradients.b_hh, {1, 3 * hidden}), w_hh);
    const Tensor update = third(select(saved.gates, 0, 0), 1);
    INFO("hidden " << hidden);
    CHECK(same_bits(gradients.h0, (d_h + select(d_output, 0, 0)) * update + product));
  }
}
