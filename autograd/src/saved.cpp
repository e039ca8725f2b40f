// What an operation saved, and whether it has changed since.
#include <heed/autograd/saved.h>

#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/tensor/error.h>

namespace heed {

Saved::Saved(const Variable& input)
    : input_(input),
      value_(input.defined() ? input.value() : Tensor()),
      version_(input.defined() ? input.value().version() : 0) {}

Saved Saved::output(const Tensor& value, int64_t index) {
  Saved saved = data(value);
  saved.output_index_ = index;
  return saved;
}

Saved Saved::data(const Tensor& value) {
  Saved saved;
  saved.value_ = value;
  saved.version_ = value.version();
  return saved;
}

Variable Saved::unpack(const BackwardContext& context) const {
  if (!value_.defined()) {
    return {};
  }
  const bool replaced = input_.defined() && !input_.value().storage().same_as(value_.storage());
  check<GraphError>(!replaced, context.node().name(), "a value of shape ", value_.shape(),
                    " that it saved for backward was replaced afterwards");
  check<GraphError>(value_.version() == version_, context.node().name(), "a value of shape ", value_.shape(),
                    " that it saved for backward was changed afterwards (version ", value_.version(), ", expected ",
                    version_, ")");
  if (input_.defined()) {
    return input_;
  }
  if (output_index_ >= 0 && grad_enabled()) {
    return Variable::output_of(NodePointer::share(&context.node()), output_index_, value_);
  }
  return value_;
}

}  // namespace heed
