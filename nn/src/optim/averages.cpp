// Averages of weights.
#include <heed/nn/optim/averages.h>

#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>

namespace heed {
namespace {

/// Throws ValueError unless `state` has what `wanted` has, in its order.
void check_alike(const char* op, const StateDict& wanted, const StateDict& state) {
  check(wanted.size() == state.size(), op, "must have ", wanted.size(), " values, got ", state.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    const auto& [name, value] = wanted[i];
    check(state[i].first == name, op, "must have '", name, "', got '", state[i].first, "'");
    const Tensor& other = state[i].second;
    check(other.defined() && other.shape() == value.shape() && other.dtype() == value.dtype(), op, "'", name,
          "' must be ", value.dtype(), " ", value.shape(), ", got ",
          other.defined() ? name_of(other.dtype()) : "undefined", " ", other.defined() ? other.shape() : Shape());
  }
}

StateDict copied(const StateDict& state) {
  StateDict copy;
  for (const auto& [name, value] : state) {
    copy.emplace_back(name, clone(value));
  }
  return copy;
}

}  // namespace

ExponentialMovingAverage::ExponentialMovingAverage(Module& model, double decay)
    : model_(model), decay_(decay), averages_(copied(model.state_dict())) {
  check(decay >= 0 && decay <= 1, "ExponentialMovingAverage", "decay must be from 0 to 1, got ", decay);
}

void ExponentialMovingAverage::update() {
  const StateDict now = model_.state_dict();
  check_alike("ExponentialMovingAverage", averages_, now);
  const auto parameters = model_.registered_parameters();
  std::vector<bool> is_parameter(now.size());
  for (size_t i = 0, next = 0; i < now.size() && next < parameters.size(); ++i) {
    is_parameter[i] = now[i].first == parameters[next].first;
    next += is_parameter[i] ? 1 : 0;
  }
  const auto values = model_.named_state();
  std::unordered_map<const void*, size_t> first;  // tied weights come twice
  for (size_t i = 0; i < now.size(); ++i) {
    Tensor& average = averages_[i].second;
    const auto [place, is_new] = first.try_emplace(values[i].second.state(), i);
    if (!is_new) {
      average = averages_[place->second].second;
      continue;
    }
    const bool is_mixed = is_parameter[i] && has_begun_;
    copy_(average, is_mixed ? average * decay_ + now[i].second * (1 - decay_) : now[i].second);
  }
  has_begun_ = true;
  ++updates_;
}

void ExponentialMovingAverage::load_state_dict(const StateDict& state) {
  check_alike("ExponentialMovingAverage", averages_, state);
  averages_ = copied(state);
  has_begun_ = true;
}

AveragedWeights::AveragedWeights(ExponentialMovingAverage& average) {
  check_alike("AveragedWeights", average.averages_, average.model_.state_dict());
  for (const auto& [name, variable] : average.model_.named_state()) {
    check(variable.is_leaf(), "AveragedWeights", "'", name, "' must be a leaf, got a result");
    own_.emplace_back(variable, variable.value());
  }
  std::unordered_set<const void*> seen;  // tied weights come twice, and the first is the average of both
  for (size_t i = 0; i < own_.size(); ++i) {
    if (seen.insert(own_[i].first.state()).second) {
      own_[i].first.set_value(average.averages_[i].second);
    }
  }
}

AveragedWeights::~AveragedWeights() {
  for (auto& [variable, own] : own_) {
    variable.set_value(own);  // whose dtype the Variable has had: nothing to refuse
  }
}

StateDict average_states(const std::vector<StateDict>& states) {
  check(!states.empty(), "average_states", "needs a state, got none");
  for (const StateDict& state : states) {
    check_alike("average_states", states.front(), state);
  }
  StateDict result;
  for (size_t i = 0; i < states.front().size(); ++i) {
    const auto& [name, last] = states.back()[i];
    if (!is_floating(last.dtype())) {
      result.emplace_back(name, clone(last));
      continue;
    }
    Tensor sum = zeros(last.shape(), DType::float64);
    for (const StateDict& state : states) {
      sum = sum + to(state[i].second, DType::float64);
    }
    result.emplace_back(name, to(sum * (1.0 / static_cast<double>(states.size())), last.dtype()));
  }
  return result;
}

}  // namespace heed
