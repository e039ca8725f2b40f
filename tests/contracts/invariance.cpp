// A sequence gives the same bits alone, padded, and in any batch, at every layer, forward and backward.
#include <numeric>

#include <heed/tensor/elementwise.h>
#include <heed/tensor/index.h>

#include "support/layer_table.h"
#include "support/reference.h"

namespace heed::test {
namespace {

constexpr LayerSizes kSizes{7, 11, 14};

/// A batch with anything at all in its hidden places.
struct Batch {
  LayerSizes sizes;
  LayerLengths lengths;
  Variables inputs;
  std::vector<Tensor> cotangents;
};

Batch random_batch(const LayerUse& use, DType dtype) {
  Batch batch{kSizes, random_lengths(kSizes, 4), random_inputs(use, kSizes, 10, dtype), {}};
  batch.cotangents = random_cotangents(use, kSizes, 50, dtype, batch.lengths);
  return batch;
}

Tensor reversed(const Tensor& x, const std::string& axes) {
  const size_t batch = axes.find('B');
  return batch == std::string::npos ? x : flip(x, {static_cast<int64_t>(batch)});
}

/// The sequences in the opposite order.
Batch reversed(const LayerUse& use, const Batch& batch) {
  Batch result = batch;
  for (size_t i = 0; i < use.inputs.size(); ++i) {
    result.inputs[i] = Variable(reversed(batch.inputs[i].value(), use.inputs[i].axes), batch.inputs[i].requires_grad());
  }
  for (size_t i = 0; i < use.outputs.size(); ++i) {
    result.cotangents[i] = reversed(batch.cotangents[i], use.outputs[i].axes);
  }
  result.lengths = {flip(batch.lengths.targets, {0}), flip(batch.lengths.sources, {0})};
  return result;
}

/// `x` in the corner of a larger tensor of `filling`.
Tensor enlarged(const Tensor& x, const Shape& shape, const Tensor& filling) {
  Tensor result = clone(filling), corner = result;
  for (int64_t axis = 0; axis < shape.rank(); ++axis) {
    corner = narrow(corner, axis, 0, x.shape()[axis]);
  }
  copy_(corner, x);
  return result;
}

/// More padding behind targets and sources.
Batch padded(const LayerUse& use, const Batch& batch, DType dtype) {
  Batch result = batch;
  result.sizes = {batch.sizes.batch, batch.sizes.targets + 3, batch.sizes.sources + 5};
  for (size_t i = 0; i < use.inputs.size(); ++i) {
    const Port& port = use.inputs[i];
    const Tensor more = random_value(port, result.sizes, 90, dtype);
    result.inputs[i] = Variable(enlarged(batch.inputs[i].value(), more.shape(), more), batch.inputs[i].requires_grad());
  }
  for (size_t i = 0; i < use.outputs.size(); ++i) {
    const Shape shape = use.outputs[i].shape(result.sizes);
    result.cotangents[i] = enlarged(batch.cotangents[i], shape, zeros(shape, dtype));
  }
  return result;
}

Batch alone(const LayerUse& use, const Batch& batch, int64_t number) {
  Batch result;
  for (size_t i = 0; i < use.inputs.size(); ++i) {
    result.inputs.emplace_back(of_one(batch.inputs[i].value(), use.inputs[i], number, batch.lengths),
                               batch.inputs[i].requires_grad());
  }
  for (size_t i = 0; i < use.outputs.size(); ++i) {
    result.cotangents.push_back(of_one(batch.cotangents[i], use.outputs[i], number, batch.lengths));
  }
  return result;
}

LayerResult run(const LayerUse& use, Module& layer, const Batch& batch) {
  return run(use, layer, batch.inputs, batch.lengths, batch.cotangents);
}

/// What sequence `number` of a batch got is what `expected` has for it alone.
void check_one(const LayerUse& use, const LayerResult& whole, const LayerLengths& lengths, int64_t number,
               const LayerResult& expected) {
  for (size_t i = 0; i < use.outputs.size(); ++i) {
    CAPTURE(number, i);
    CHECK(same_bits(of_one(whole.outputs[i], use.outputs[i], number, lengths), expected.outputs[i]));
  }
  size_t place = 0;
  for (const Port& port : use.inputs) {
    if (port.vocabulary > 0 || whole.input_gradients.empty()) {
      continue;
    }
    if (port.axes.find('B') != std::string::npos) {
      INFO("gradient of input " << place << " of sequence " << number);
      // + 0.0: a zero may have either sign.
      CHECK(same_bits(of_one(whole.input_gradients[place], port, number, lengths) + 0.0,
                      expected.input_gradients[place] + 0.0));
    }
    ++place;
  }
}

void check_row(const LayerRow& row, DType dtype) {
  INFO(row.name << ", " << dtype);
  const LayerUse use = row.use(row.even_features ? LayerWidths{14, 18, 2} : LayerWidths{});
  const auto layer = made(use, 3, dtype);
  const Batch batch = random_batch(use, dtype), backwards = reversed(use, batch), longer = padded(use, batch, dtype);
  const LayerResult whole = run(use, *layer, batch), turned = run(use, *layer, backwards),
                    more = run(use, *layer, longer);
  for (int64_t number = 0; number < kSizes.batch; ++number) {
    const LayerResult one = run(use, *layer, alone(use, batch, number));
    check_one(use, whole, batch.lengths, number, one);
    check_one(use, turned, backwards.lengths, kSizes.batch - 1 - number, one);
    check_one(use, more, batch.lengths, number, one);
  }
}

TEST_CASE("a sequence gives the same bits alone, padded and in any batch, at every layer") {
  int64_t checked = 0;
  for (const LayerRow& row : layer_rows()) {
    if (row.of_sequences) {
      check_row(row, DType::float32);
      check_row(row, DType::float64);
      ++checked;
    }
  }
  CHECK(checked > 40);
}

}  // namespace
}  // namespace heed::test
