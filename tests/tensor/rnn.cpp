// Whole-sequence recurrences against float64 loops, one row and one step at a time.
#include <heed/tensor/detail/rnn.h>

#include <heed/tensor/error.h>

#include "tensor/rnn_cells.h"

using namespace heed;
using namespace heed::test;

TEST_CASE("recurrences agree with float64 loops, with lengths, reversed and in both orders of memory") {
  for (const Cell& cell : cells()) {
    for (const DType dtype : {DType::float32, DType::float64}) {
      const double tolerance = dtype == DType::float32 ? 2e-5 : 1e-12;
      for_all_ways(cell, 5, 7, 9, dtype, [&](Inputs in) {
        for (const bool started : {true, false}) {
          if (!started) {
            in.h0 = in.c0 = Tensor();
          }
          const Outputs actual = cell.forward(in), expected = reference(cell, in);
          check_close(actual.output, expected.output, tolerance);
          check_close(actual.h, expected.h, tolerance);
          if (actual.c.defined()) {
            check_close(actual.c, expected.c, tolerance);
          }
        }
      });
    }
  }
}

TEST_CASE("recurrences take any strides and sizes of zero and one") {
  for (const Cell& cell : cells()) {
    const Inputs in = random_inputs(cell, 4, 3, 5, DType::float32, false);
    const Inputs apart{strided(in.gate_inputs), strided(in.w_hh), strided(in.b_hh), strided(in.h0), strided(in.c0), {}};
    CHECK(same_bits(cell.forward(apart).output, cell.forward(in).output));
    const Outputs cotangents = random_cotangents(in);
    Gradients expected = cell.backward(in, cotangents);
    const Gradients actual =
        cell.backward(apart, {strided(cotangents.output), strided(cotangents.h), strided(cotangents.c)});
    // Gradients of weights are summed in the order of memory, which is another one here.
    check_close(actual.w_hh, expected.w_hh, 1e-5);
    expected.w_hh = actual.w_hh;
    expected.b_hh = actual.b_hh;
    check_same(actual, expected);
    for (const auto& [steps, rows, hidden] :
         {std::array<int64_t, 3>{0, 3, 5}, {4, 0, 5}, {4, 3, 0}, {1, 1, 1}, {1, 3, 2}, {4, 1, 2}}) {
      CAPTURE(cell.name, steps, rows, hidden);
      const Inputs small = random_inputs(cell, steps, rows, hidden, DType::float32, false);
      const Outputs result = cell.forward(small);
      check_close(result.output, reference(cell, small).output, 1e-5);
      const Gradients gradients = cell.backward(small, random_cotangents(small));
      CHECK(gradients.gate_inputs.shape() == small.gate_inputs.shape());
      CHECK(gradients.w_hh.shape() == small.w_hh.shape());
      if (steps == 0) {
        CHECK(same_bits(result.h, small.h0));
        check_close(gradients.w_hh, zeros_like(small.w_hh), 0);
      }
    }
  }
}

TEST_CASE("gate inputs that are moved in become the gates, others are left alone") {
  for (const bool batch_first : {false, true}) {
    const Inputs in = random_inputs(cells()[2], 4, 3, 5, DType::float32, batch_first);
    const Tensor x = contiguous(in.turned(in.gate_inputs)), before = clone(x);
    const LSTMSequence kept = lstm_sequence(x, in.w_hh, in.h0, in.c0, in.options());
    CHECK(same_bits(x, before));
    Tensor given = clone(before);
    const std::byte* memory = given.storage().data();
    const LSTMSequence moved = lstm_sequence(std::move(given), in.w_hh, in.h0, in.c0, in.options());
    CHECK(moved.gates.storage().data() == memory);
    CHECK(same_bits(moved.gates, kept.gates));
    CHECK(kept.output.shape() == (batch_first ? Shape{3, 4, 5} : Shape{4, 3, 5}));
    CHECK(kept.output.is_contiguous());
  }
}

TEST_CASE("a sequence gives the same bits alone, padded and in a batch") {
  for (const Cell& cell : cells()) {
    for_all_ways(cell, 6, 5, 37, DType::float32, [&](const Inputs& in) {
      const Outputs all = cell.forward(in);
      for (int64_t b = 0; b < 5; ++b) {
        const int64_t length = in.lengths.defined() ? static_cast<int64_t>(in.lengths.at({b})) : 6;
        Inputs alone = in;
        alone.gate_inputs = narrow(narrow(in.gate_inputs, 1, b, 1), 0, 0, length);
        alone.h0 = narrow(in.h0, 0, b, 1);
        alone.c0 = narrow(in.c0, 0, b, 1);
        alone.lengths = Tensor();
        const Outputs one = cell.forward(alone);
        CHECK(same_bits(one.output, narrow(narrow(all.output, 1, b, 1), 0, 0, length)));
        CHECK(same_bits(one.h, narrow(all.h, 0, b, 1)));
      }
    });
  }
}

TEST_CASE("recurrences give the same bits on any number of threads") {
  for (const Cell& cell : cells()) {
    for (const bool batch_first : {false, true}) {
      Inputs in = random_inputs(cell, 9, 23, 50, DType::float32, batch_first);
      in.lengths = some_lengths(23, 9);
      const Outputs cotangents = random_cotangents(in);
      check_threads([&] { return cell.forward(in).output; });
      check_threads([&] { return cell.forward(in).h; });
      check_threads([&] { return cell.backward(in, cotangents).gate_inputs; });
      check_threads([&] { return cell.backward(in, cotangents).w_hh; });
      check_threads([&] { return cell.backward(in, cotangents).h0; });
    }
  }
}

TEST_CASE("recurrences refuse what does not fit and say why") {
  const Tensor x = zeros({4, 3, 8}), w = zeros({8, 2}), none;
  CHECK(message_of<ShapeError>([&] {
          lstm_sequence(zeros({4, 3, 7}), w, none, none);
        }) == "lstm: gate inputs must be (T, B, 4H), got (4, 3, 7)");
  CHECK(message_of<ShapeError>([&] {
          lstm_sequence(x, zeros({8, 3}), none, none);
        }) == "lstm: w_hh must be (8, 2), got (8, 3)");
  CHECK(message_of<ShapeError>([&] {
          lstm_sequence(x, w, zeros({2, 3}), none);
        }) == "lstm: h0 must be (3, 2), got (2, 3)");
  CHECK(message_of<ValueError>([&] {
          lstm_sequence(x, w, none, none, {.lengths = tensor<int64_t>({4, 5, 1})});
        }) == "lstm: lengths must be between 0 and 4, got 5 at 1");
  CHECK(message_of<ShapeError>([&] {
          lstm_sequence(zeros({4, 3, 7}), w, none, none, {.batch_first = true});
        }) == "lstm: gate inputs must be (B, T, 4H), got (4, 3, 7)");
  CHECK_THROWS_AS(lstm_sequence(x, w, none, none, {.lengths = tensor<int64_t>({4, 1})}), ShapeError);
  CHECK_THROWS_AS(lstm_sequence(x, w, none, none, {.lengths = zeros({3})}), DTypeError);
  CHECK_THROWS_AS(lstm_sequence(x, to(w, DType::float64), none, none), DTypeError);
  CHECK_THROWS_AS(lstm_sequence(to(x, DType::int64), to(w, DType::int64), none, none), DTypeError);
  CHECK_THROWS_AS(gru_sequence(zeros({4, 3, 6}), zeros({6, 2}), zeros({5}), none), ShapeError);
  CHECK_THROWS_AS(rnn_sequence(zeros({3, 2}), zeros({2, 2}), none, Nonlinearity::tanh), ShapeError);
  const LSTMSequence saved = lstm_sequence(x, w, none, none);
  CHECK_THROWS_AS(lstm_sequence_backward(zeros({4, 3, 3}), none, none, saved, w, none, none), ShapeError);
  CHECK_THROWS_AS(lstm_sequence_backward(none, none, none, LSTMSequence(), w, none, none), ValueError);
}
