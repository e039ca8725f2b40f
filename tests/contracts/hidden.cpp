// What is hidden reaches nothing: NaN and infinities in hidden places, and queries that may see nothing at all.
#include <algorithm>
#include <limits>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/index.h>
#include <heed/tensor/reduce.h>

#include "support/layer_table.h"
#include "support/reference.h"

namespace heed::test {
namespace {

constexpr LayerSizes kSizes{5, 7, 9};
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// `inputs` with `value` in every hidden place; other ids where there are ids.
Variables with_hidden(const LayerRow& row, const LayerUse& use, const Variables& inputs, const LayerLengths& lengths,
                      double value) {
  Variables result;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Port& port = use.inputs[i];
    const Tensor hidden = hidden_places(port, kSizes, row.hides, lengths);
    const Tensor filled = port.vocabulary > 0
                              ? where(hidden, random_value(port, kSizes, 70, DType::int64), inputs[i].value())
                              : masked_fill(inputs[i].value(), hidden, value);
    result.emplace_back(filled, inputs[i].requires_grad());
  }
  return result;
}

/// Zero in hidden places, so that what is seen can be compared; every zero positive.
Tensor seen(const Tensor& x, const LayerRow& row, const Port& port, const LayerLengths& lengths) {
  return masked_fill(x, hidden_places(port, kSizes, row.hides, lengths), 0) + 0.0;
}

/// Gradients are the same to rounding: where NaN had to be filled, what is filled lies in memory in another order, and
/// what comes back over several paths is added up in another.
void check_rounded(const Tensor& actual, const Tensor& expected) {
  const double largest = expected.numel() > 0 ? std::max(1.0, max(abs(expected)).item()) : 1;
  check_close(actual / largest, expected / largest, actual.dtype() == DType::float32 ? 2e-6 : 4e-15);
}

void check_same(const LayerRow& row, const LayerUse& use, const LayerLengths& lengths, const LayerResult& actual,
                const LayerResult& expected) {
  for (size_t i = 0; i < use.outputs.size(); ++i) {
    INFO("output " << i);
    CHECK(all_finite(actual.outputs[i]));
    CHECK(same_bits(seen(actual.outputs[i], row, use.outputs[i], lengths),
                    seen(expected.outputs[i], row, use.outputs[i], lengths)));
  }
  size_t place = 0;
  for (const Port& port : use.inputs) {
    if (port.vocabulary > 0) {
      continue;
    }
    INFO("gradient of input " << place);
    const Tensor gradient = actual.input_gradients[place] + 0.0;
    check_rounded(gradient, expected.input_gradients[place]);
    CHECK(same_bits(gradient, seen(gradient, row, port, lengths)));
    ++place;
  }
  for (size_t i = 0; i < expected.parameter_gradients.size(); ++i) {
    INFO("gradient of parameter " << i);
    check_rounded(actual.parameter_gradients[i], expected.parameter_gradients[i]);
  }
}

void check_row(const LayerRow& row, DType dtype) {
  INFO(row.name << ", " << dtype);
  const LayerUse use = row.use({});
  const auto layer = made(use, 3, dtype);
  const LayerLengths lengths = random_lengths(kSizes, 4);
  const Variables inputs = random_inputs(use, kSizes, 10, dtype);
  const std::vector<Tensor> cotangents = random_cotangents(use, kSizes, 50, dtype, lengths);
  const auto run_with = [&](double value) {
    return run(use, *layer, with_hidden(row, use, inputs, lengths, value), lengths, cotangents);
  };
  const LayerResult expected = run_with(0);
  for (const double value : {std::nan(""), kInfinity, -kInfinity, 1.5}) {
    INFO("hidden: " << value);
    check_same(row, use, lengths, run_with(value), expected);
  }
}

TEST_CASE("NaN and infinities in hidden places reach no output and no gradient, at every layer") {
  int64_t checked = 0;
  for (const LayerRow& row : layer_rows()) {
    if (!row.hides.empty()) {
      check_row(row, DType::float32);
      check_row(row, DType::float64);
      ++checked;
    }
  }
  CHECK(checked > 30);
}

/// What belongs to sequences 1 and 3, which see nothing, is exactly zero.
void check_zero(const Tensor& x, const Port& port, const char* what, size_t number) {
  INFO(what << " " << number);
  for (const int64_t blind : {1, 3}) {
    for (const double value : values(of_one(x, port, blind, {}))) {
      if (value != 0) {
        CAPTURE(blind, value);
        FAIL_CHECK("not zero");
        break;
      }
    }
  }
}

void check_blind(const LayerRow& row, DType dtype) {
  INFO(row.name << ", " << dtype);
  const LayerUse use = row.use({});
  const auto layer = made(use, 3, dtype);
  LayerLengths lengths = random_lengths(kSizes, 4);
  lengths.sources = tensor<int64_t>({9, 0, 2, 0, 5});
  Variables inputs = random_inputs(use, kSizes, 10, dtype);
  inputs = with_hidden(row, use, inputs, {lengths.targets, lengths.sources}, std::nan(""));
  const LayerResult result = run(use, *layer, inputs, lengths, random_cotangents(use, kSizes, 50, dtype));
  for (size_t i = 0; i < use.outputs.size(); ++i) {
    CHECK(all_finite(result.outputs[i]));
    if (use.outputs[i].zero_where_nothing_is_seen) {
      check_zero(result.outputs[i], use.outputs[i], "output", i);
    }
  }
  size_t place = 0;
  for (const Port& port : use.inputs) {
    if (port.vocabulary == 0) {
      const bool of_sequences = port.axes.find('B') != std::string::npos;
      CHECK(all_finite(result.input_gradients[place]));
      if (of_sequences && (port.zero_where_nothing_is_seen || port.axes.find('S') != std::string::npos)) {
        check_zero(result.input_gradients[place], port, "gradient of input", place);
      }
      ++place;
    }
  }
  for (const Tensor& gradient : result.parameter_gradients) {
    CHECK(all_finite(gradient));
  }
}

TEST_CASE("queries that may see nothing have weights, outputs and gradients of exactly zero, at every layer") {
  for (const LayerRow& row : layer_rows()) {
    if (row.hides.find('S') != std::string_view::npos) {
      check_blind(row, DType::float32);
      check_blind(row, DType::float64);
    }
  }
}

}  // namespace
}  // namespace heed::test
