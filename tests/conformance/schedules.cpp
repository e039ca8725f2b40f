// The learning-rate schedules that cases name.
#include <functional>

#include <heed/nn/optim/lr_schedule.h>
#include <heed/tensor/create.h>

#include "conformance/function.h"
#include "conformance/optimizers.h"

namespace heed::conformance {
namespace {

using ScheduleTable = std::map<std::string, std::function<LRSchedule(Arguments&)>>;

const ScheduleTable& schedules() {
  static const ScheduleTable table{
      {"StepLR",
       [](Arguments& args) -> LRSchedule { return StepLR(args.get<int64_t>("step_size"), args.get("gamma", 0.1)); }},
      {"MultiStepLR",
       [](Arguments& args) -> LRSchedule {
         return MultiStepLR(args.get<std::vector<int64_t>>("milestones"), args.get("gamma", 0.1));
       }},
      {"ExponentialLR", [](Arguments& args) -> LRSchedule { return ExponentialLR(args.get<double>("gamma")); }},
      {"CosineAnnealingLR",
       [](Arguments& args) -> LRSchedule {
         return CosineAnnealingLR(args.get<int64_t>("T_max"), args.get("eta_min", 0.0));
       }},
      {"LinearLR",
       [](Arguments& args) -> LRSchedule {
         return LinearLR(args.get("start_factor", 1.0 / 3), args.get("end_factor", 1.0),
                         args.get<int64_t>("total_iters", 5));
       }},
      {"ConstantLR",
       [](Arguments& args) -> LRSchedule {
         return ConstantLR(args.get("factor", 1.0 / 3), args.get<int64_t>("total_iters", 5));
       }},
  };
  return table;
}

}  // namespace

Failures replay_schedule(const Case& given) {
  Arguments arguments(given.name(), given.description().at("args"));
  const auto initial = arguments.get<double>("lr");
  const LRSchedule schedule = look_up(schedules(), given.name(), "schedule")(arguments);
  arguments.finish();
  std::vector<double> rates;
  const int64_t steps = given.tensor("out.lr").numel();
  check(steps >= 1, "case", "expects nothing");
  for (int64_t step = 0; step < steps; ++step) {
    rates.push_back(schedule(initial, step));
  }
  Failures failures;
  given.compare("out.lr", from_vector(rates, {steps}), failures);
  return failures;
}

}  // namespace heed::conformance
