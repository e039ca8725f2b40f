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

const heed::Tensor& value_of(const heed::Tensor& entry) { return entry; }
const heed::Tensor& value_of(const heed::Variable& entry) { return entry.value(); }

template <class Named>
std::optional<NotFinite> first_of(const Named& entries) {
  for (const auto& [name, entry] : entries) {
    if (!heed::all_finite(value_of(entry))) {
      return NotFinite{name, first_not_finite(value_of(entry))};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<NotFinite> find_not_finite(const heed::StateDict& state) { return first_of(state); }

std::optional<NotFinite> find_not_finite(const std::vector<std::pair<std::string, heed::Variable>>& parameters) {
  return first_of(parameters);
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
