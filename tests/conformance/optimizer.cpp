// Optimisers, clipping and schedules against PyTorch's numbers.
#include <heed/nn/adam.h>
#include <heed/nn/clip.h>
#include <heed/nn/lr_schedule.h>
#include <heed/nn/sgd.h>
#include <heed/tensor/create.h>

#include "support/catch.h"
#include "support/conformance.h"
#include "support/conformance_optimizer.h"

using namespace heed;
using heed::test::conformance_cases;
using heed::test::ConformanceCase;

namespace {

LRSchedule make_schedule(const std::string& name, const nlohmann::json& args) {
  if (name == "StepLR") {
    return StepLR(args.at("step_size"), args.at("gamma"));
  }
  if (name == "CosineAnnealingLR") {
    return CosineAnnealingLR(args.at("T_max"), args.at("eta_min"));
  }
  if (name == "LinearLR") {
    return LinearLR(args.at("start_factor"), args.at("end_factor"), args.at("total_iters"));
  }
  return nullptr;
}

}  // namespace

TEST_CASE("optimisers follow PyTorch's steps") {
  int replayed = 0;
  for (const std::string& path : conformance_cases("optim.")) {
    const ConformanceCase given(path);
    if (given.kind() != "optim") {
      continue;
    }
    Variable parameter(given.tensor("in.param"), true);
    const auto optimizer = test::make_optimizer(given.name(), given.args(), std::vector<Variable>{parameter});
    if (optimizer == nullptr) {
      continue;
    }
    ++replayed;
    for (int step = 0; step < given.description().at("steps").get<int>(); ++step) {
      parameter.set_grad(given.tensor("in.grad." + std::to_string(step)));
      optimizer->step();
      REQUIRE(given.difference("out.param." + std::to_string(step), parameter.value()) == "");
    }
  }
  REQUIRE(replayed >= 3);
}

TEST_CASE("clipping gives PyTorch's norms and gradients") {
  int replayed = 0;
  for (const std::string& path : conformance_cases("optim.clip")) {
    const ConformanceCase given(path);
    std::vector<Variable> parameters;
    for (const std::string& index : given.members("in.grad.")) {
      const Tensor gradient = given.tensor("in.grad." + index);
      parameters.emplace_back(zeros_like(gradient), true);
      parameters.back().set_grad(gradient);
    }
    if (given.name() == "clip_grad_norm") {
      const double norm = clip_grad_norm(parameters, given.args().at("max_norm"));
      REQUIRE(given.difference("out.total_norm", scalar(norm, DType::float64)) == "");
    } else {
      clip_grad_value(parameters, given.args().at("clip_value"));
    }
    for (size_t i = 0; i < parameters.size(); ++i) {
      REQUIRE(given.difference("out.grad." + std::to_string(i), parameters[i].grad()) == "");
    }
    ++replayed;
  }
  REQUIRE(replayed >= 2);
}

TEST_CASE("schedules give PyTorch's rates") {
  int replayed = 0;
  for (const std::string& path : conformance_cases("schedule.")) {
    const ConformanceCase given(path);
    const LRSchedule schedule = make_schedule(given.name(), given.args());
    if (!schedule) {
      continue;
    }
    const double initial = given.args().at("lr");
    Tensor rates = zeros({given.tensor("out.lr").size(0)}, DType::float64);
    for (int64_t step = 0; step < rates.size(0); ++step) {
      rates.mutable_data<double>()[step] = schedule(initial, step);
    }
    REQUIRE(given.difference("out.lr", rates) == "");
    ++replayed;
  }
  REQUIRE(replayed >= 3);
}
