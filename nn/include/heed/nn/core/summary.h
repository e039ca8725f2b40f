// Tables of a model: its parameters, the shapes of what it computes, and what a training step will cost.
#pragma once

#include <functional>
#include <string>

#include <heed/nn/core/step_cost.h>
#include <heed/nn/core/unary_module.h>

namespace heed {

/// One line per parameter with its dotted name, shape, dtype and number of elements, and a last one with the total, in
/// which a parameter that is registered twice (tied weights) counts once. "frozen" stands before the elements of
/// parameters that are not trained, whose number follows the total. Ends with a line feed.
std::string summary(const Module& module);

/// The same, then the output shape of each module that records one (record.h) with the parameters in it, then
/// describe(step_cost(model, loss)): a forecast before training. loss() is what training will call.
///
///   std::cout << summary(model, [&] { return model.loss(batch.source, batch.lengths, batch.target); });
std::string summary(const Module& model, const std::function<Variable()>& loss);

/// The same of a module of one input, with the sum of its output for zeros of that shape as the loss.
std::string summary(const UnaryModule& model, const Shape& input, DType dtype = DType::float32);

}  // namespace heed
