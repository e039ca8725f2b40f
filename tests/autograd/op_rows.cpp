// All rows of the op table.
#include "support/op_table.h"

namespace heed::test {

const std::vector<OpRow>& all_rows() {
  static const std::vector<OpRow> rows = [] {
    std::vector<OpRow> result;
    for (const auto& family :
         {elementwise_rows(), reduce_rows(), view_rows(), matmul_rows(), index_rows(), softmax_rows(), norm_rows(),
          rnn_rows(), attention_rows(), attention_lstm_rows(), sort_rows(), einsum_rows()}) {
      result.insert(result.end(), family.begin(), family.end());
    }
    return result;
  }();
  return rows;
}

}  // namespace heed::test
