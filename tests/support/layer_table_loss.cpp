// Rows of losses: of each element or row of a batch, and reduced.
#include <heed/nn/loss/classification_loss.h>
#include <heed/nn/loss/regression_loss.h>

#include "support/layer_table.h"

namespace heed::test {
namespace {

using Widths = const LayerWidths&;

/// input (B, F) against a target, (B, F) too or ids (B); reduced to rank 0 or not at all.
LayerRow loss_row(std::string name, bool of_ids, Reduction reduction,
                  const std::function<Variable(const Variable&, const Variable&)>& loss) {
  const bool reduced = reduction != Reduction::none;
  LayerRow row{std::move(name), [=](Widths w) {
                 const Port input{"BF", w.input}, target = of_ids ? Port{"B", 0, 0, w.input} : input;
                 const Port output{reduced ? "" : of_ids ? "B" : "BF", w.input};
                 return use_of<NoLayer>(
                     [] { return std::make_unique<NoLayer>(); }, {input, target}, {output},
                     [loss](NoLayer&, const Variables& x, const LayerLengths&) { return Variables{loss(x[0], x[1])}; });
               }};
  row.of_sequences = !reduced;
  return row;
}

}  // namespace

std::vector<LayerRow> loss_rows() {
  using V = const Variable&;
  std::vector<LayerRow> rows;
  for (const auto& [how, reduction] :
       {std::pair{", none", Reduction::none}, {", sum", Reduction::sum}, {"", Reduction::mean}}) {
    const auto add = [&, what = std::string(how), r = reduction](const char* name, bool of_ids, const auto& loss) {
      rows.push_back(loss_row(std::string(name).append(what), of_ids, r, loss));
    };
    add("mse_loss", false, [r = reduction](V x, V y) { return mse_loss(x, y, r); });
    add("l1_loss", false, [r = reduction](V x, V y) { return l1_loss(x, y, r); });
    add("huber_loss", false, [r = reduction](V x, V y) { return huber_loss(x, y, 0.7, r); });
    add("smooth_l1_loss", false, [r = reduction](V x, V y) { return smooth_l1_loss(x, y, 0.7, r); });
    add("kl_div", false, [r = reduction](V x, V y) { return kl_div(x, y, {.log_target = true, .reduction = r}); });
    add("binary_cross_entropy_with_logits", false,
        [r = reduction](V x, V y) { return binary_cross_entropy_with_logits(x, y, r); });
    add("nll_loss", true, [r = reduction](V x, V y) { return nll_loss(x, y.value(), {.reduction = r}); });
    add("cross_entropy", true, [r = reduction](V x, V y) { return cross_entropy(x, y.value(), {.reduction = r}); });
  }
  return rows;
}

}  // namespace heed::test
