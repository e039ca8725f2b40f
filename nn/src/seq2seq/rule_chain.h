// Calls the rules of a search, and refuses what they may not do.
#pragma once

#include <heed/nn/seq2seq/decoding_rules.h>

namespace heed::detail {

struct RuledScores {
  Tensor log_p;  ///< (rows, V); pad and bos stay forbidden
  /// For each row the rule that forbade all that was left, null for rows that can go on.
  std::vector<const DecodingRule*> closed_by;
};

/// Throws ValueError for a rule without a function. `op` stands in front of error messages.
void check_rules(const char* op, const DecodingRules& rules);

/// All rules one after the other. Throws ShapeError and DTypeError for a rule that gives another kind of tensor, and
/// ValueError for NaN and +∞, with the name of the rule.
RuledScores apply_rules(const char* op, const DecodingRules& rules, const Tensor& log_p,
                        const DecodingContext& context);

}  // namespace heed::detail
