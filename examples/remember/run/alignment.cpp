// Alignment: see alignment.h.
#include "run/alignment.h"

#include <algorithm>
#include <cmath>

#include <heed/tensor/create.h>
#include <heed/tensor/view.h>

namespace remember {

Alignment& Alignment::operator+=(const Alignment& other) {
  steps += other.steps;
  mass += other.mass;
  hits += other.hits;
  entropy += other.entropy;
  return *this;
}

Alignment measure_alignment(const heed::Hypothesis& output, const std::vector<int64_t>& true_places,
                            int64_t columns_before) {
  Alignment sum;
  if (!output.weights.defined()) {
    return sum;
  }
  const heed::Tensor map = heed::contiguous(heed::to(output.weights, heed::DType::float64));
  const int64_t columns = map.size(1);
  const auto steps =
      static_cast<int64_t>(std::min({true_places.size(), output.tokens.size(), static_cast<size_t>(map.size(0))}));
  for (int64_t step = 0; step < steps; ++step) {
    const double* row = map.data<double>() + step * columns;
    const int64_t place = true_places[static_cast<size_t>(step)] + columns_before;
    sum.mass += row[place];
    sum.hits += std::max_element(row, row + columns) - row == place ? 1 : 0;
    for (int64_t column = 0; column < columns; ++column) {
      sum.entropy -= row[column] > 0 ? row[column] * std::log(row[column]) : 0;
    }
  }
  sum.steps = steps;
  return sum;
}

Alignment measure_alignment(const Task& task, const std::vector<Problem>& problems,
                            const std::vector<heed::Hypothesis>& outputs, int64_t columns_before) {
  Alignment sum;
  for (size_t i = 0; i < problems.size(); ++i) {
    sum += measure_alignment(outputs[i], task.alignment(problems[i].source), columns_before);
  }
  return sum;
}

}  // namespace remember
