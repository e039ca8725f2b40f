// What the recurrences keep for backward.
#include "recurrent.h"

#include <algorithm>
#include <iterator>

#include <heed/autograd/anomaly.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/index.h>
#include <heed/tensor/view.h>

#include "variable_state.h"

namespace heed::detail {

Tensor take_value(Variable& gate_inputs) {
  // In anomaly mode inputs are looked at afterwards.
  const bool shared = !gate_inputs.defined() || gate_inputs.state()->references.load() > 1 || AnomalyMode::enabled();
  return shared ? value_or_none(gate_inputs) : std::move(gate_inputs.state()->value);
}

Variable with_value(Variable gate_inputs, const Tensor& gates) {
  if (AnomalyMode::enabled()) {
    return gate_inputs;
  }
  if (gate_inputs.node()) {
    return Variable::output_of(gate_inputs.node(), gate_inputs.output_index(), gates);
  }
  if (!gate_inputs.requires_grad()) {
    return gates;
  }
  if (!gate_inputs.value().defined()) {
    gate_inputs.state()->value = gates;
  }
  return gate_inputs;
}

RecurrentCall::RecurrentCall(const std::vector<Variable>& inputs, const RecurrentOptions& options,
                             const std::vector<Tensor>& outputs, const std::vector<Tensor>& others)
    : inputs_(inputs.begin(), inputs.end()),
      lengths_(options.lengths.defined() ? Saved::data(options.lengths) : Saved()),
      reverse_(options.reverse),
      batch_first_(options.batch_first) {
  for (const Tensor& output : outputs) {
    computed_.push_back(Saved::output(output, static_cast<int64_t>(computed_.size())));
  }
  std::transform(others.begin(), others.end(), std::back_inserter(computed_), &Saved::data);
}

RecurrentCall::Unpacked RecurrentCall::unpack(const BackwardContext& context) const {
  Unpacked all;
  all.options = {.lengths = value_or_none(lengths_.unpack(context)), .reverse = reverse_, .batch_first = batch_first_};
  for (const Saved& input : inputs_) {
    all.inputs.push_back(input.unpack(context));
  }
  for (const Saved& each : computed_) {
    all.computed.push_back(each.unpack(context).value());
  }
  return all;
}

}  // namespace heed::detail
