// Short names of models: see model_spec.h.
#include "run/model_spec.h"

#include <set>

#include "run/network.h"
#include "text/usage_error.h"
#include "text/words.h"

namespace remember {

namespace {

constexpr const char* kTransformer = "transformer";

/// Whether a word is one of "additive, dot, …".
bool is_one_of(const std::string& word, const std::string& names) {
  return (", " + names + ",").find(", " + word + ",") != std::string::npos;
}

ModelOptions parse_transformer(const std::string& spec, ModelOptions options, const std::string& option) {
  options.cell = kTransformer;
  options.bidirectional = false;
  options.attention = "none";
  const size_t plus = spec.find('+');
  if (plus != std::string::npos) {
    options.positions = spec.substr(plus + 1);
    require(is_one_of(options.positions, position_names()), option, "transformer + one of " + position_names(),
            "'" + spec + "'");
  }
  return options;
}

}  // namespace

ModelOptions parse_model(const std::string& spec, ModelOptions options, const std::string& option) {
  const size_t plus = spec.find('+');
  if (spec.substr(0, plus) == kTransformer) {
    return parse_transformer(spec, options, option);
  }
  std::string cell = spec.substr(0, plus);
  options.bidirectional = cell.starts_with("bi");
  options.cell = options.bidirectional ? cell.substr(2) : cell;
  options.attention = plus == std::string::npos ? "none" : spec.substr(plus + 1);
  require(is_one_of(options.cell, cell_names()), option,
          "one of " + cell_names() +
              ", with bi before it or +ATTENTION after it, as in bilstm+additive, or transformer, "
              "with +POSITIONS after it",
          "'" + spec + "'");
  if (plus != std::string::npos) {
    require(options.attention != "none", option, "a cell alone, without +none, for a model without attention",
            "'" + spec + "'");
    require(is_one_of(options.attention, attention_names()), option, "a cell + one of " + attention_names(),
            "'" + spec + "'");
    const std::optional<heed::ConfigProblem> problem =
        problem_of({.cell = options.cell, .bidirectional = options.bidirectional, .attention = options.attention});
    require(!problem, option, problem ? problem->requirement : "", "'" + spec + "'");
  }
  return options;
}

std::vector<ModelOptions> parse_models(const std::vector<std::string>& specs, const ModelOptions& options,
                                       const std::string& option) {
  std::vector<ModelOptions> models;
  std::set<std::string> names;
  for (const std::string& spec : specs) {
    models.push_back(parse_model(spec, options, option));
    require(names.insert(model_name(models.back())).second, option, "different models",
            model_name(models.back()) + " twice");
  }
  return models;
}

std::string model_name(const ModelOptions& options) {
  if (is_transformer(options)) {
    return std::string(kTransformer) + '+' + options.positions;
  }
  return (options.bidirectional ? "bi" : "") + options.cell +
         (options.attention == "none" ? "" : "+" + options.attention);
}

std::string model_label(const ModelOptions& options) {
  return model_name(options) + (options.reverse_source ? ", source reversed" : "");
}

}  // namespace remember
