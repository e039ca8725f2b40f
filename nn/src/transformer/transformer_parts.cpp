// What the layers of encoder and decoder share.
#include "transformer/transformer_parts.h"

#include <heed/autograd/elementwise.h>

namespace heed::detail {

Variable position_wise(const Variable& x, Linear& linear1, Dropout& dropout, Linear& linear2,
                       TransformerActivation activation) {
  const Variable inner = linear1.forward(x);
  const Variable active = activation == TransformerActivation::relu ? relu(inner) : gelu(inner);
  return linear2.forward(dropout.forward(active));
}

}  // namespace heed::detail
