// StepCost: one step to see the shapes and to warm up, one to measure.
#include <heed/nn/core/step_cost.h>

#include <array>
#include <chrono>
#include <string_view>

#include <heed/autograd/backward.h>
#include <heed/autograd/grad_mode.h>
#include <heed/nn/core/recorder.h>
#include <heed/tensor/detail/kept_generator.h>
#include <heed/tensor/multiply_adds.h>
#include <heed/tensor/storage.h>

#include "core/number_text.h"

namespace heed {
namespace {

std::vector<std::pair<std::string, Shape>> outputs_of(const Module& model, const std::function<Variable()>& loss) {
  constexpr std::string_view kWhat = "output";
  Recorder recorder(model, {.names = {"output", "*.output"}});
  loss();
  std::vector<std::pair<std::string, Shape>> outputs;
  for (const std::string& name : recorder.names()) {
    const std::string module = name.substr(0, name.size() - kWhat.size());
    outputs.emplace_back(module.empty() ? "" : module.substr(0, module.size() - 1),
                         recorder.calls(name).front().shape());
  }
  return outputs;
}

/// 1234567 as "1.2 M" and the unit.
std::string short_number(double number, const char* unit) {
  constexpr std::array kPrefixes{"", "k", "M", "G", "T"};
  size_t prefix = 0;
  while (number >= 999.5 && prefix + 1 < kPrefixes.size()) {
    number /= 1000;
    ++prefix;
  }
  std::string text = detail::rounded(number, number < 99.5 && prefix > 0 ? 1 : 0);
  return text.append(prefix == 0 && *unit == ' ' ? "" : " ").append(kPrefixes[prefix]).append(unit);
}

}  // namespace

StepCost step_cost(const Module& model, const std::function<Variable()>& loss) {
  const GradMode recording(true);
  StepCost cost;
  std::vector<Variable> trained;
  for (const Variable& parameter : model.parameters()) {
    cost.parameters += parameter.numel();
    if (parameter.requires_grad()) {
      trained.push_back(parameter);
    } else {
      cost.frozen += parameter.numel();
    }
  }
  const detail::KeptGenerator generator;
  cost.outputs = outputs_of(model, loss);
  generator.rewind();
  const int64_t bytes = allocator_stats().bytes_in_use, products = multiply_adds();
  reset_peak_bytes();
  const auto begin = std::chrono::steady_clock::now();
  const Variable value = loss();
  cost.multiply_adds_forward = multiply_adds() - products;
  cost.activation_bytes = allocator_stats().bytes_in_use - bytes;
  if (!trained.empty()) {
    grad({value}, trained, {.allow_unused = true});
  }
  cost.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  cost.multiply_adds = multiply_adds() - products;
  cost.peak_bytes = allocator_stats().peak_bytes_in_use - bytes;
  return cost;
}

std::string describe(const StepCost& cost) {
  std::string text = detail::grouped(cost.parameters) + " parameters";
  if (cost.frozen > 0) {
    text += " (" + detail::grouped(cost.frozen) + " frozen)";
  }
  text += "; one step: " + short_number(static_cast<double>(cost.multiply_adds), " multiply-adds");
  text += ", " + short_number(static_cast<double>(cost.activation_bytes), "B") + " of activations, ";
  const double milliseconds = 1000 * cost.seconds;
  return text + detail::rounded(milliseconds, milliseconds < 10 ? 1 : 0) + " ms";
}

}  // namespace heed
