// Gradients of whole-sequence recurrences against differences; what padding must not reach.
#include <limits>

#include <heed/tensor/index.h>
#include <heed/tensor/reduce.h>

#include "tensor/rnn_cells.h"

using namespace heed;
using namespace heed::test;

namespace {

/// d loss / d x by central differences in float64; x is one of the members of the inputs that `loss` reads.
std::vector<double> differences(Tensor& x, const std::function<double()>& loss) {
  x = clone(x);
  std::vector<double> result;
  double* elements = x.mutable_data<double>();
  for (int64_t i = 0; i < x.numel(); ++i) {
    const double before = elements[i], step = 1e-5;
    elements[i] = before + step;
    const double above = loss();
    elements[i] = before - step;
    result.push_back((above - loss()) / (2 * step));
    elements[i] = before;
  }
  return result;
}

}  // namespace

TEST_CASE("gradients of recurrences agree with differences") {
  for (const Cell& cell : cells()) {
    for_all_ways(cell, 4, 3, 3, DType::float64, [&](Inputs in) {
      const Outputs cotangents = random_cotangents(in);
      const auto loss = [&] {
        const Outputs out = cell.forward(in);
        double total = sum(mul(out.output, cotangents.output)).item() + sum(mul(out.h, cotangents.h)).item();
        return out.c.defined() ? total + sum(mul(out.c, cotangents.c)).item() : total;
      };
      const Gradients gradients = cell.backward(in, cotangents);
      check_close(values(gradients.gate_inputs), differences(in.gate_inputs, loss), 1e-7);
      check_close(values(gradients.w_hh), differences(in.w_hh, loss), 1e-7);
      check_close(values(gradients.h0), differences(in.h0, loss), 1e-7);
      if (gradients.c0.defined()) {
        check_close(values(gradients.c0), differences(in.c0, loss), 1e-7);
      }
      if (gradients.b_hh.defined()) {
        check_close(values(gradients.b_hh), differences(in.b_hh, loss), 1e-7);
      }
    });
  }
}

TEST_CASE("undefined cotangents and states count as zeros") {
  for (const Cell& cell : cells()) {
    Inputs in = random_inputs(cell, 4, 3, 5, DType::float32, false);
    const Tensor state = zeros({3, 5});
    const Tensor output = random_cotangents(in).output;
    check_same(cell.backward(in, {output, Tensor(), Tensor()}), cell.backward(in, {output, state, state}));
    check_same(cell.backward(in, {Tensor(), state, state}), cell.backward(in, {zeros({4, 3, 5}), state, state}));
    Inputs from_zero = in;
    from_zero.h0 = from_zero.c0 = state;
    in.h0 = in.c0 = Tensor();
    check_same(cell.backward(in, random_cotangents(in)), cell.backward(from_zero, random_cotangents(in)));
  }
}

TEST_CASE("NaN in the padding reaches neither results nor gradients, which are exactly zero there") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Cell& cell : cells()) {
    for_all_ways(cell, 6, 5, 4, DType::float32, [&](const Inputs& in) {
      if (!in.lengths.defined()) {
        return;
      }
      const Inputs clean = with_padding(in, 0), poisoned = with_padding(in, nan);
      const Outputs expected = cell.forward(clean), actual = cell.forward(poisoned);
      CHECK(same_bits(actual.output, expected.output));
      CHECK(same_bits(actual.h, expected.h));
      const Tensor hidden = unsqueeze(transpose(padding_mask(in.lengths, 6), 0, 1), 2);
      CHECK_FALSE(any(logical_and(hidden, ne(actual.output, 0)), {0, 1, 2}).item<bool>());
      Outputs cotangents = random_cotangents(in);
      const Gradients before = cell.backward(clean, cotangents);
      cotangents.output = masked_fill(cotangents.output, hidden, nan);
      const Gradients after = cell.backward(poisoned, cotangents);
      check_same(after, before);
      CHECK_FALSE(any(logical_and(hidden, ne(after.gate_inputs, 0)), {0, 1, 2}).item<bool>());
    });
  }
}
