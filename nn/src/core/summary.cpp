// The table of summary().
#include <heed/nn/core/summary.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include <heed/autograd/reduce.h>
#include <heed/tensor/create.h>
#include <heed/tensor/text_stream.h>

#include "core/number_text.h"

namespace heed {
namespace {

template <class Value>
std::string text_of(const Value& value) {
  TextStream text;
  text << value;
  return text.str();
}

/// All columns flush left but the last.
template <size_t N>
std::string layout(const std::vector<std::array<std::string, N>>& rows) {
  std::array<size_t, N> widths{};
  for (const auto& row : rows) {
    for (size_t column = 0; column < N; ++column) {
      widths[column] = std::max(widths[column], row[column].size());
    }
  }
  std::string table;
  for (const auto& row : rows) {
    for (size_t column = 0; column + 1 < N; ++column) {
      table += row[column] + std::string(widths[column] - row[column].size() + 2, ' ');
    }
    table += std::string(widths[N - 1] - row[N - 1].size(), ' ') + row[N - 1] + "\n";
  }
  return table;
}

}  // namespace

std::string summary(const Module& module) {
  std::vector<std::array<std::string, 4>> rows{{"parameter", "shape", "dtype", "elements"}};
  std::unordered_map<const void*, std::string> first_names;
  int64_t frozen = 0;
  for (const auto& [name, parameter] : module.registered_parameters()) {
    const auto [place, is_new] = first_names.try_emplace(parameter.state(), name);
    std::string count = is_new ? detail::grouped(parameter.numel()) : std::string("= ").append(place->second);
    if (is_new && !parameter.requires_grad()) {
      frozen += parameter.numel();
      count.insert(0, "frozen ");
    }
    rows.push_back({name, text_of(parameter.shape()), text_of(parameter.dtype()), count});
  }
  rows.push_back({"total", "", "", detail::grouped(module.parameter_count())});
  if (frozen > 0) {
    rows.push_back({"frozen", "", "", detail::grouped(frozen)});
  }
  return layout(rows);
}

std::string summary(const Module& model, const std::function<Variable()>& loss) {
  const StepCost cost = step_cost(model, loss);
  std::unordered_map<std::string, const Module*> modules;
  for (const auto& [name, module] : model.named_modules()) {
    modules.emplace(name, module);
  }
  std::vector<std::array<std::string, 3>> rows{{"module", "output", "parameters"}};
  for (const auto& [name, shape] : cost.outputs) {
    const auto found = modules.find(name);
    const int64_t count = found == modules.end() ? 0 : found->second->parameter_count();
    rows.push_back({name.empty() ? "(the model)" : name, text_of(shape), detail::grouped(count)});
  }
  return summary(model) + "\n" + layout(rows) + "\n" + describe(cost) + "\n";
}

std::string summary(const UnaryModule& model, const Shape& input, DType dtype) {
  return summary(model, [&] { return sum(model.forward(zeros(input, dtype))); });
}

}  // namespace heed
