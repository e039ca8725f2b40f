// Looks for infinities and NaNs: see finite_state.h.
#include "run/finite_state.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/text_stream.h>

namespace remember {

namespace {

std::string first_not_finite(const heed::Tensor& value) {
  const std::vector<double> numbers = heed::to(value, heed::DType::float64).to_vector<double>();
  return named_number(*std::find_if(numbers.begin(), numbers.end(), [](double x) { return !std::isfinite(x); }));
}

}  // namespace

std::optional<NotFinite> find_not_finite(const heed::StateDict& state) {
  for (const auto& [name, value] : state) {
    if (!heed::all_finite(value)) {
      return NotFinite{name, first_not_finite(value)};
    }
  }
  return std::nullopt;
}

std::optional<NotFinite> find_not_finite(const std::vector<std::pair<std::string, heed::Variable>>& parameters) {
  for (const auto& [name, parameter] : parameters) {
    if (!heed::all_finite(parameter.value())) {
      return NotFinite{name, first_not_finite(parameter.value())};
    }
  }
  return std::nullopt;
}

std::string named_number(double value) {
  heed::TextStream text;
  if (std::isnan(value)) {
    return "nan";
  }
  text << value;
  return text.str();
}

}  // namespace remember
