// Calls the rules of a search: see rule_chain.h.
#include "seq2seq/rule_chain.h"

#include <algorithm>
#include <limits>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>

#include "seq2seq/decoding.h"

namespace heed::detail {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void check_result(const std::string& op, const Tensor& log_p, const Shape& shape) {
  check<ShapeError>(log_p.defined() && log_p.shape() == shape, op, "log-probabilities must stay ", shape, ", got ",
                    log_p.defined() ? log_p.shape() : Shape());
  check<DTypeError>(log_p.dtype() == DType::float64, op, "log-probabilities must stay float64, got ", log_p.dtype());
}

void check_values(const std::string& op, const Tensor& log_p) {
  const auto* values = log_p.data<double>();
  const auto* odd = std::find_if(values, values + log_p.numel(), [](double value) { return !(value < kInfinity); });
  check(odd == values + log_p.numel(), op, "log-probabilities must be numbers below infinity, got ",
        odd == values + log_p.numel() ? 0 : *odd);
}

/// Notes the rows in which `rule` left nothing.
void find_closed(const DecodingRule& rule, RuledScores& scores) {
  const int64_t symbols = scores.log_p.size(1);
  for (size_t row = 0; row < scores.closed_by.size(); ++row) {
    const auto* values = scores.log_p.data<double>() + static_cast<int64_t>(row) * symbols;
    const bool closed = std::all_of(values, values + symbols, [](double value) { return value == -kInfinity; });
    if (closed && scores.closed_by[row] == nullptr) {
      scores.closed_by[row] = &rule;
    }
  }
}

}  // namespace

void check_rules(const char* op, const DecodingRules& rules) {
  for (const DecodingRule& rule : rules) {
    check(rule.change != nullptr, op, "rule '", rule.name, "' has no function");
  }
}

RuledScores apply_rules(const char* op, const DecodingRules& rules, const Tensor& log_p,
                        const DecodingContext& context) {
  RuledScores scores{log_p, std::vector<const DecodingRule*>(context.prefixes.size(), nullptr)};
  if (rules.empty()) {
    return scores;
  }
  scores.log_p = clone(log_p);
  for (const DecodingRule& rule : rules) {
    const std::string named = std::string(op) + ": rule '" + rule.name + "'";
    rule.change(scores.log_p, context);
    check_result(named, scores.log_p, log_p.shape());
    scores.log_p = contiguous(without_marks(scores.log_p, context.special));
    check_values(named, scores.log_p);
    find_closed(rule, scores);
  }
  return scores;
}

}  // namespace heed::detail
