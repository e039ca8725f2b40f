// DecoderState: rows of its members.
#include <heed/nn/seq2seq/decoder_state.h>

#include <heed/autograd/index.h>
#include <heed/nn/attention/attention.h>
#include <heed/tensor/index.h>

namespace heed {

void StateMembers::add(const char* name, Variable* variable, Tensor* tensor, bool changes) {
  if (variable != nullptr ? variable->defined() : tensor->defined()) {
    members_.push_back({name, variable, tensor, changes});
  }
}

void StateMembers::changing(const char* name, std::vector<Variable>& members) {
  for (Variable& member : members) {
    changing(name, member);
  }
}

void StateMembers::fixed(const char* name, std::vector<Variable>& members) {
  for (Variable& member : members) {
    fixed(name, member);
  }
}

void StateMembers::fixed(AttentionMemory& memory) {
  fixed("memory", memory.memory);
  fixed("keys", memory.keys);
  fixed("mask", memory.mask);
}

void DecoderState::list(StateMembers& members) {
  if (list_ != nullptr) {
    list_(state_, members);
  }
}

DecoderState DecoderState::select(const Tensor& rows, bool fixed_too) const {
  DecoderState selected = *this;
  StateMembers all;
  selected.list(all);
  for (const StateMembers::Member& member : all.members_) {
    if (!member.changes && !fixed_too) {
      continue;
    }
    if (member.variable != nullptr) {
      *member.variable = index_select(*member.variable, 0, rows);
    } else {
      *member.tensor = index_select(*member.tensor, 0, rows);
    }
  }
  return selected;
}

DecoderState DecoderState::select(const Tensor& rows) const { return select(rows, true); }

DecoderState DecoderState::select_changing(const Tensor& rows) const { return select(rows, false); }

void DecoderState::check_rows(int64_t rows) const {
  DecoderState copy = *this;
  StateMembers all;
  copy.list(all);
  for (const StateMembers::Member& member : all.members_) {
    const Tensor& value = member.variable != nullptr ? member.variable->value() : *member.tensor;
    check<ShapeError>(value.rank() >= 1 && value.size(0) == rows, "Decoder", member.name, " must have ", rows,
                      rows == 1 ? " row" : " rows", ", one per sequence, got ", value.shape());
  }
}

}  // namespace heed
