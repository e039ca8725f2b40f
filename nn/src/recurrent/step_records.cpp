// StepRecords: stacks the steps.
#include "recurrent/step_records.h"

#include <algorithm>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/index.h>
#include <heed/autograd/view.h>
#include <heed/tensor/index.h>
#include <heed/tensor/view.h>

namespace heed::detail {

StepRecords::Row& StepRecords::row_of(const std::string& name) {
  const auto same = [&name](const auto& entry) { return entry.first == name; };
  auto place = std::find_if(rows_.begin(), rows_.end(), same);
  if (place == rows_.end()) {
    rows_.emplace_back(name, Row(steps_));
    place = rows_.end() - 1;
  }
  return place->second;
}

void StepRecords::add_others(int64_t t, const CellState& states) {
  if (!active_) {
    return;
  }
  others_.resize(states.size() - 1, Row(steps_));
  for (size_t k = 1; k < states.size(); ++k) {
    others_[k - 1][static_cast<size_t>(t)] = states[k];
  }
}

Variable StepRecords::joined(const Row& row) const {
  const int64_t axis = options_.batch_first ? 1 : 0;
  const Variable all = stack(row, row.front().rank() == 0 ? 0 : axis);
  const bool by_row = all.rank() >= 2 && options_.lengths.defined() && all.size(1 - axis) == options_.lengths.size(0);
  if (!by_row) {
    return all;
  }
  Tensor padding = padding_mask(options_.lengths, static_cast<int64_t>(steps_));
  padding = options_.batch_first ? padding : transpose(padding, 0, 1);
  while (padding.rank() < all.rank()) {
    padding = unsqueeze(padding, -1);
  }
  return masked_fill(all, padding, 0);
}

void StepRecords::hand_over() const {
  for (const auto& [name, row] : rows_) {
    if (std::all_of(row.begin(), row.end(), [](const Variable& each) { return each.defined(); })) {
      record_only(name, joined(row));
    }
  }
}

std::vector<Tensor> StepRecords::others() const {
  const NoGrad no_grad;
  std::vector<Tensor> result;
  for (const Row& row : others_) {
    result.push_back(joined(row).value());
  }
  return result;
}

}  // namespace heed::detail
