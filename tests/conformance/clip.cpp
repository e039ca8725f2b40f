// The ways of clipping gradients that cases name.
#include <heed/nn/optim/clip.h>

#include <functional>
#include <optional>

#include <heed/tensor/create.h>

#include "conformance/function.h"
#include "conformance/optimizers.h"

namespace heed::conformance {
namespace {

using Parameters = std::vector<Variable>;
/// Clips, and returns the norm where there is one.
using Clip = std::function<std::optional<double>(Arguments&, const Parameters&)>;

const std::map<std::string, Clip>& clips() {
  static const std::map<std::string, Clip> table{
      {"clip_grad_norm",
       [](Arguments& args, const Parameters& parameters) -> std::optional<double> {
         return clip_grad_norm(parameters, args.get<double>("max_norm"));
       }},
      {"clip_grad_value",
       [](Arguments& args, const Parameters& parameters) -> std::optional<double> {
         clip_grad_value(parameters, args.get<double>("clip_value"));
         return std::nullopt;
       }},
  };
  return table;
}

}  // namespace

Failures replay_clip(const Case& given) {
  Parameters parameters;
  const auto count = given.members("in.grad.").size();
  check(count >= 1, "case", "expects nothing");
  for (size_t i = 0; i < count; ++i) {
    const Tensor gradient = given.tensor("in.grad." + std::to_string(i));
    parameters.emplace_back(zeros_like(gradient), true);
    parameters.back().set_grad(gradient);
  }
  Arguments arguments(given.name(), given.description().at("args"));
  const std::optional<double> norm = look_up(clips(), given.name(), "clip")(arguments, parameters);
  arguments.finish();

  Failures failures;
  if (given.contains("out.total_norm")) {
    check(norm.has_value(), "case", "there is no output 'total_norm'");
    given.compare("out.total_norm", scalar(*norm, given.dtype()), failures);
  }
  for (size_t i = 0; i < count; ++i) {
    given.compare("out.grad." + std::to_string(i), parameters[i].grad(), failures);
  }
  return failures;
}

}  // namespace heed::conformance
