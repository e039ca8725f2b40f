// What the layers of encoder and decoder share.
#include "transformer/transformer_parts.h"

#include <heed/autograd/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/view.h>

#include "core/hidden_positions.h"

namespace heed::detail {

Variable position_wise(const Variable& x, Linear& linear1, Dropout& dropout, Linear& linear2,
                       TransformerActivation activation) {
  const Variable inner = linear1.forward(x);
  const Variable active = activation == TransformerActivation::relu ? relu(inner) : gelu(inner);
  return linear2.forward(dropout.forward(active));
}

Variable without_nonfinite_hidden(const Variable& x, const Tensor& hidden, bool batch_first) {
  // A mask that does not fit is for the attention to refuse, which names it.
  if (!hidden.defined() || hidden.rank() != 2 || x.rank() != 3) {
    return x;
  }
  const Tensor turned = batch_first ? hidden : transpose(hidden, 0, 1);
  return turned.shape() == Shape{x.size(0), x.size(1)} ? without_nonfinite_hidden(x, turned) : x;
}

}  // namespace heed::detail
