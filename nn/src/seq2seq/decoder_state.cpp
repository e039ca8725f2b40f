// DecoderState: rows of its members.
#include <heed/nn/seq2seq/decoder_state.h>

#include <heed/autograd/index.h>
#include <heed/nn/attention/attention.h>

namespace heed {

void StateMembers::go_through(const char* name, bool changes, Variable& member) {
  if (member.defined()) {
    visit_(name, changes, member);
  }
}

void StateMembers::go_through(const char* name, bool changes, Tensor& member) {
  if (member.defined()) {
    Variable variable(member);
    visit_(name, changes, variable);
    member = variable.value();
  }
}

void StateMembers::go_through(const char*, bool changes, AttentionMemory& memory) {
  go_through("memory", changes, memory.memory);
  go_through("keys", changes, memory.keys);
  go_through("mask", changes, memory.mask);
}

void DecoderState::list(StateMembers& members) {
  if (list_ != nullptr) {
    list_(state_, members);
  }
}

DecoderState DecoderState::select(const Tensor& rows, bool fixed_too) const {
  DecoderState selected = *this;
  StateMembers members([&](const char*, bool changes, Variable& member) {
    if (changes || fixed_too) {
      member = index_select(member, 0, rows);
    }
  });
  selected.list(members);
  return selected;
}

void DecoderState::check_rows(int64_t rows) const {
  DecoderState copy = *this;
  StateMembers members([&](const char* name, bool, const Variable& member) {
    check<ShapeError>(member.rank() >= 1 && member.size(0) == rows, "Decoder", name, " must have ", rows,
                      rows == 1 ? " row" : " rows", ", one per sequence, got ", member.shape());
  });
  copy.list(members);
}

}  // namespace heed
