// StepRecords: what the steps of a recurrence record, put together as a sequence.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <heed/nn/recurrent/cell_kind.h>

#include "core/hooks.h"

namespace heed::detail {

/// Without hooks and Recorders it does nothing.
class StepRecords {
 public:
  StepRecords(int64_t steps, const RecurrentOptions& options)
      : active_(is_watched()), steps_(static_cast<size_t>(steps)), options_(options) {}

  /// step(), whose records are those of step t.
  template <class Step>
  CellState of_step(int64_t t, const Step& step) {
    if (!active_) {
      return step();
    }
    RecordCollector collector;
    CellState next = step();
    for (auto& [name, value] : collector.values) {
      row_of(name)[static_cast<size_t>(t)] = std::move(value);
    }
    return next;
  }
  /// The states but the first after step t.
  void add_others(int64_t t, const CellState& states);
  /// Records what came from each step, in the order of time, 0 past a sequence's length.
  void hand_over() const;
  /// The states that add_others() was given, likewise; none where nobody looks.
  std::vector<Tensor> others() const;

 private:
  using Row = std::vector<Variable>;  // by step
  Row& row_of(const std::string& name);
  Variable joined(const Row& row) const;

  bool active_;
  size_t steps_;
  const RecurrentOptions& options_;
  std::vector<std::pair<std::string, Row>> rows_;
  std::vector<Row> others_;
};

}  // namespace heed::detail
