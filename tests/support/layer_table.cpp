// The layer table: all rows together, and random inputs, lengths and layers for them.
#include "support/layer_table.h"

#include <algorithm>
#include <iterator>
#include <random>

#include <heed/autograd/backward.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/index.h>

#include "support/reference.h"

namespace heed::test {

using V = const Variable&;

Shape Port::shape(const LayerSizes& sizes) const {
  Shape result;
  for (const char axis : axes) {
    result.push_back(axis == 'B'   ? sizes.batch
                     : axis == 'T' ? sizes.targets
                     : axis == 'S' ? sizes.sources
                     : axis == 'F' ? features
                                   : count);
  }
  return result;
}

const std::vector<LayerRow>& layer_rows() {
  static const std::vector<LayerRow> rows = [] {
    std::vector<LayerRow> result;
    for (const auto& family : {basic_layer_rows(), loss_rows(), recurrent_layer_rows(), attention_layer_rows(),
                               transformer_layer_rows(), seq2seq_layer_rows()}) {
      result.insert(result.end(), family.begin(), family.end());
    }
    return result;
  }();
  return rows;
}

Tensor random_value(const Port& port, const LayerSizes& sizes, uint32_t seed, DType dtype) {
  const Shape shape = port.shape(sizes);
  return port.vocabulary > 0 ? random_tensor(shape, seed, DType::int64, 0, static_cast<double>(port.vocabulary))
                             : to(random_tensor(shape, seed, DType::float64), dtype);
}

Variables random_inputs(const LayerUse& use, const LayerSizes& sizes, uint32_t seed, DType dtype) {
  Variables inputs;
  for (const Port& port : use.inputs) {
    inputs.emplace_back(random_value(port, sizes, seed++, dtype), port.vocabulary == 0);
  }
  return inputs;
}

LayerLengths random_lengths(const LayerSizes& sizes, uint32_t seed) {
  std::mt19937 engine(seed);
  const auto draw = [&](int64_t longest) {
    std::vector<int64_t> lengths;
    for (int64_t b = 0; b < sizes.batch; ++b) {
      const auto some = 1 + static_cast<int64_t>(engine() % static_cast<uint32_t>(std::max<int64_t>(longest, 1)));
      lengths.push_back(b == 0 ? longest : std::min(some, longest));
    }
    return from_vector<int64_t>(lengths, {sizes.batch});
  };
  return {draw(sizes.targets), draw(sizes.sources)};
}

std::unique_ptr<Module> made(const LayerUse& use, uint32_t seed, DType dtype) {
  std::unique_ptr<Module> layer = use.make();
  layer->to(dtype);
  layer->eval();
  for (Variable parameter : layer->parameters()) {
    copy_(parameter.mutable_value(), to(random_tensor(parameter.shape(), seed++, DType::float64, -0.6, 0.6), dtype));
  }
  return layer;
}

LayerResult run(const LayerUse& use, Module& layer, const Variables& inputs, const LayerLengths& lengths,
                const std::vector<Tensor>& cotangents) {
  LayerResult result;
  Variables roots, given, leaves;
  const Variables outputs = use.forward(layer, inputs, lengths);
  REQUIRE(outputs.size() == use.outputs.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    result.outputs.push_back(outputs[i].value());
    if (outputs[i].requires_grad()) {
      roots.push_back(outputs[i]);
      given.emplace_back(cotangents[i]);
    }
  }
  std::copy_if(inputs.begin(), inputs.end(), std::back_inserter(leaves), [](V x) { return x.requires_grad(); });
  const size_t count = leaves.size();
  for (V parameter : layer.parameters()) {
    leaves.push_back(parameter);
  }
  if (roots.empty() || leaves.empty()) {
    return result;
  }
  const Variables gradients = grad(roots, leaves, {.gradients = given, .allow_unused = true});
  for (size_t i = 0; i < gradients.size(); ++i) {
    (i < count ? result.input_gradients : result.parameter_gradients)
        .push_back(gradients[i].defined() ? gradients[i].value() : zeros_like(leaves[i].value()));
  }
  return result;
}

std::vector<Tensor> random_cotangents(const LayerUse& use, const LayerSizes& sizes, uint32_t seed, DType dtype,
                                      const LayerLengths& lengths) {
  std::vector<Tensor> result;
  for (const Port& port : use.outputs) {
    const Tensor all = to(random_tensor(port.shape(sizes), seed++, DType::float64), dtype);
    result.push_back(masked_fill(all, hidden_places(port, sizes, "TS", lengths), 0));
  }
  return result;
}

namespace {

const Tensor* lengths_of(char axis, const LayerLengths& lengths) {
  const Tensor* own = axis == 'T' ? &lengths.targets : axis == 'S' ? &lengths.sources : nullptr;
  return own != nullptr && own->defined() ? own : nullptr;
}

}  // namespace

Tensor of_one(const Tensor& whole, const Port& port, int64_t number, const LayerLengths& lengths) {
  Tensor result = whole;
  for (int64_t axis = 0; axis < whole.rank(); ++axis) {
    const char letter = port.axes[static_cast<size_t>(axis)];
    if (letter == 'B') {
      result = narrow(result, axis, number, 1);
    } else if (const Tensor* own = lengths_of(letter, lengths)) {
      result = narrow(result, axis, 0, static_cast<int64_t>(own->at({number})));
    }
  }
  return clone(result);
}

Tensor hidden_places(const Port& port, const LayerSizes& sizes, std::string_view hides, const LayerLengths& lengths) {
  const Shape shape = port.shape(sizes);
  Tensor hidden = full(shape, 0, DType::boolean);
  const size_t batch = port.axes.find('B');
  bool* place = hidden.mutable_data<bool>();
  for_each_index(shape, [&](const Shape& index) {
    for (size_t axis = 0; axis < port.axes.size() && batch != std::string::npos; ++axis) {
      const Tensor* own =
          hides.find(port.axes[axis]) != std::string_view::npos ? lengths_of(port.axes[axis], lengths) : nullptr;
      if (own != nullptr &&
          static_cast<double>(index[static_cast<int64_t>(axis)]) >= own->at({index[static_cast<int64_t>(batch)]})) {
        *place = true;
      }
    }
    ++place;
  });
  return hidden;
}

}  // namespace heed::test
