// DecoderState: rows of its members.
#include <heed/nn/seq2seq/decoder_state.h>

#include <algorithm>

#include <heed/autograd/index.h>
#include <heed/nn/attention/attention.h>
#include <heed/tensor/overlap.h>

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

std::vector<std::pair<const char*, Variable>> DecoderState::fixed_members() const {
  std::vector<std::pair<const char*, Variable>> all;
  DecoderState copy = *this;
  StateMembers members([&](const char* name, bool changes, const Variable& member) {
    if (!changes) {
      all.emplace_back(name, member);
    }
  });
  copy.list(members);
  return all;
}

void DecoderState::check_fixed(const DecoderState& before) const {
  const auto now = fixed_members(), then = before.fixed_members();
  for (size_t i = 0; i < std::min(now.size(), then.size()); ++i) {
    check(same_view(now[i].second.value(), then[i].second.value()), "Decoder", now[i].first,
          " is listed as fixed and has changed: list it with changing()");
  }
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
