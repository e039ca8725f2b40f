// The losses that cases name.
#include <heed/nn/loss/classification_loss.h>
#include <heed/nn/loss/regression_loss.h>

#include "conformance/function.h"

namespace heed::conformance {
namespace {

Reduction reduction_of(Arguments& args) {
  static const std::map<std::string, Reduction> kinds{
      {"none", Reduction::none}, {"sum", Reduction::sum}, {"mean", Reduction::mean}};
  return look_up(kinds, args.get<std::string>("reduction", "mean"), "reduction");
}

Outputs cross_entropy_of(Inputs& in, Arguments& args) {
  CrossEntropyOptions options;
  options.reduction = reduction_of(args);
  options.ignore_index = args.get("ignore_index", options.ignore_index);
  options.label_smoothing = args.get("label_smoothing", options.label_smoothing);
  options.weight = in.data("weight");
  return {{"y", cross_entropy(in["x"], in["target"].value(), options)}};
}

Outputs nll_of(Inputs& in, Arguments& args) {
  NLLOptions options;
  options.reduction = reduction_of(args);
  options.ignore_index = args.get("ignore_index", options.ignore_index);
  options.weight = in.data("weight");
  return {{"y", nll_loss(in["x"], in["target"].value(), options)}};
}

Outputs huber_of(Inputs& in, Arguments& args) {
  return {{"y", huber_loss(in["x"], in["target"], args.get("delta", 1.0), reduction_of(args))}};
}

Outputs smooth_l1_of(Inputs& in, Arguments& args) {
  return {{"y", smooth_l1_loss(in["x"], in["target"], args.get("beta", 1.0), reduction_of(args))}};
}

Outputs binary_of(Inputs& in, Arguments& args) {
  const BinaryCrossEntropyOptions options{in.data("weight"), in.data("pos_weight"), reduction_of(args)};
  return {{"y", binary_cross_entropy_with_logits(in["x"], in["target"], options)}};
}

Outputs kl_div_of(Inputs& in, Arguments& args) {
  const bool log_target = args.get("log_target", false);
  return {{"y", kl_div(in["x"], in["target"], {log_target, reduction_of(args)})}};
}

Function distance(Variable (*loss)(const Variable&, const Variable&, Reduction)) {
  return [loss](Inputs& in, Arguments& args) -> Outputs {
    return {{"y", loss(in["x"], in["target"], reduction_of(args))}};
  };
}

}  // namespace

const FunctionTable& losses() {
  static const FunctionTable table{
      {"cross_entropy", cross_entropy_of},
      {"nll_loss", nll_of},
      {"mse_loss", distance(mse_loss)},
      {"l1_loss", distance(l1_loss)},
      {"huber_loss", huber_of},
      {"smooth_l1_loss", smooth_l1_of},
      {"kl_div", kl_div_of},
      {"binary_cross_entropy_with_logits", binary_of},
  };
  return table;
}

}  // namespace heed::conformance
