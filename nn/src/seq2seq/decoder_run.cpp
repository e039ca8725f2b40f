// DecoderRun: asks, checks, and keeps the state.
#include "seq2seq/decoder_run.h"

#include <algorithm>

#include <heed/autograd/index.h>
#include <heed/tensor/error.h>
#include <heed/tensor/scope.h>

namespace heed::detail {
namespace {

/// "decoder.step", or "Decoder.step" of one that is no part of a model.
std::string call_name(const Module& module, const char* type, const char* function) {
  return (module.path().empty() ? type : module.path()) + "." + function;
}

/// "(2, 5, V)", or "(2, 5, 12)" where the last size is known.
std::string wanted(const Shape& leading, int64_t last, const char* letter) {
  std::string text = "(";
  for (const int64_t size : leading) {
    text += std::to_string(size) + ", ";
  }
  return text + (last < 0 ? letter : std::to_string(last)) + ")";
}

/// The value must be (leading, last); a last size that is not known yet is taken from it.
void check_shape(const char* name, const Variable& variable, const Shape& leading, int64_t& last, const char* letter) {
  const Shape shape = variable.defined() ? variable.shape() : Shape();
  const bool fits = shape.rank() == leading.rank() + 1 && std::equal(leading.begin(), leading.end(), shape.begin()) &&
                    (last < 0 || shape.back() == last);
  if (!fits) {
    fail<ShapeError>("Decoder", name, " must be ", wanted(leading, last, letter), ", got ", shape);
  }
  last = shape.back();
}

}  // namespace

DecoderRun::DecoderRun(const Encoder& encoder, const Decoder& decoder, const Tensor& source, const Tensor& lengths)
    : decoder_(decoder), batch_(source.size(0)) {
  const Encoding encoding = encoder.forward(source, lengths);
  if (encoding.memory.defined()) {
    const std::string name = call_name(encoder, "Encoder", "forward");
    const NameScope scope(name);
    const Shape& shape = encoding.memory.shape();
    check<ShapeError>(shape.rank() == 3 && shape[0] == batch_, "Encoder", "memory must be (", batch_, ", S, M), got ",
                      shape);
    positions_ = shape[1];
  }
  state_ = decoder.start(encoding);
  check_state("start");
}

DecoderRun::DecoderRun(const Decoder& decoder, DecoderState state, int64_t batch)
    : decoder_(decoder), state_(std::move(state)), batch_(batch) {}

DecoderStep DecoderRun::step(const Tensor& tokens) {
  DecoderStep step = decoder_.step(tokens, state_);
  check_output("step", {batch_}, step.logits, step.weights);
  check_fixed(step.state);
  state_ = std::move(step.state);
  check_state("step");
  return step;
}

DecoderOutput DecoderRun::forward(const Tensor& target_in) {
  DecoderOutput output = decoder_.forward(target_in, state_);
  check_output("forward", target_in.shape(), output.logits, output.weights);
  return output;
}

DecoderOutput DecoderRun::loop(int64_t steps, const std::function<Tensor(int64_t, const Variable&)>& tokens) {
  std::vector<Variable> logits, weights;
  for (int64_t t = 0; t < steps; ++t) {
    DecoderStep next = step(tokens(t, t == 0 ? Variable() : logits.back()));
    logits.push_back(std::move(next.logits));
    weights.push_back(std::move(next.weights));
  }
  const bool attends = weights.front().defined();
  return {stack(logits, 1), attends ? stack(weights, 1) : Variable()};
}

void DecoderRun::select(const Tensor& rows, bool same_sources) {
  state_ = same_sources ? state_.select_changing(rows) : state_.select(rows);
  batch_ = rows.numel();
}

void DecoderRun::check_output(const char* function, const Shape& leading, const Variable& logits,
                              const Variable& weights) {
  const std::string name = call_name(decoder_, "Decoder", function);
  const NameScope scope(name);
  check_shape("logits", logits, leading, symbols_, "V");
  if (weights.defined()) {
    check_shape("weights", weights, leading, positions_, "S");
  }
}

void DecoderRun::check_state(const char* function) const {
  const std::string name = call_name(decoder_, "Decoder", function);
  const NameScope scope(name);
  state_.check_rows(batch_);
}

void DecoderRun::check_fixed(const DecoderState& next) const {
  const std::string name = call_name(decoder_, "Decoder", "step");
  const NameScope scope(name);
  next.check_fixed(state_);
}

}  // namespace heed::detail
