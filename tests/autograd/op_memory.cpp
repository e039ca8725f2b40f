// Every operation for which there is no memory says so in its own name, whichever of its tensors it is that does not
// fit.
#include <algorithm>
#include <atomic>
#include <functional>
#include <iterator>
#include <regex>
#include <set>

#include <heed/autograd/anomaly.h>
#include <heed/autograd/detail/walk_graph.h>
#include <heed/autograd/elementwise.h>
#include <heed/tensor/allocation_limit.h>
#include <heed/tensor/create.h>
#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/parallel.h>

#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;

Variables inputs_of(const Case& inputs, bool with_gaps) {
  Variables result;
  uint32_t seed = 1;
  for (const Input& input : inputs) {
    const Tensor value = random_tensor(input.shape, seed++, input.dtype, input.low, input.high);
    result.emplace_back(with_gaps ? strided(value) : value, is_floating(input.dtype));
  }
  return result;
}

/// Calls call() with limits of memory that end at each of its tensors in turn; returns the messages, each once.
std::vector<std::string> refusals(const std::function<void()>& call) {
  static const std::regex sizes("(\\d+) bytes,? are more than the limit of (\\d+) ");
  std::vector<std::string> messages;
  for (int64_t bytes = 0;;) {
    try {
      const AllocationLimit limit(bytes);
      call();
      return messages;
    } catch (const AllocationError& error) {
      const std::string message = error.what();
      std::smatch found;
      CAPTURE(message);
      REQUIRE(std::regex_search(message, found, sizes));
      bytes += std::stoll(found[1]) - std::stoll(found[2]);
      messages.push_back(message);
    }
  }
}

std::vector<std::string> names_of_nodes(const Variables& roots) {
  std::set<const Node*> seen;
  std::vector<std::string> names;
  detail::walk_graph(
      roots, [&seen](const Node& node) { return seen.insert(&node).second; },
      [&names](const Node& node) { names.emplace_back(node.name()); });
  return names;
}

void check_messages(const OpRow& each, const Variables& inputs) {
  for (const std::string& message : refusals([&] { each.function(inputs); })) {
    CAPTURE(each.name, message);
    CHECK(message.starts_with(each.name + ": "));
  }
  Variables roots, cotangents, leaves;
  for (const Variable& output : each.function(inputs)) {
    if (output.requires_grad()) {
      roots.push_back(output);
      cotangents.emplace_back(random_tensor(output.shape(), 7, output.dtype()));
    }
  }
  std::copy_if(inputs.begin(), inputs.end(), std::back_inserter(leaves),
               [](const Variable& input) { return input.requires_grad(); });
  const auto differentiate = [&] {
    grad(roots, leaves, {.gradients = cotangents, .retain_graph = true, .allow_unused = true});
  };
  const std::vector<std::string> nodes = names_of_nodes(roots);
  const auto names_one = [&nodes](const std::string& message) {
    return std::any_of(nodes.begin(), nodes.end(),
                       [&](const std::string& node) { return message.starts_with("backward of " + node + ": "); });
  };
  for (const std::string& message : refusals(differentiate)) {
    CAPTURE(each.name, message);
    CHECK((names_one(message) || message.starts_with("grad: ")));
  }
}

TEST_CASE("every op says in its own name that there is no memory, and so does its backward") {
  for (const OpRow& each : all_rows()) {
    if (!each.name.ends_with("_composite")) {  // never called by a user
      check_messages(each, inputs_of(each.cases[0], false));
      check_messages(each, inputs_of(each.cases[0], true));
    }
  }
}

TEST_CASE("in anomaly mode a backward without memory names itself once, and what it computed") {
  const Variable x(ones({8, 8}), true);
  const AnomalyMode anomaly;
  const Variable y = exp(x);
  const Tensor cotangent = ones({8, 8});
  const std::vector<std::string> messages =
      refusals([&] { grad({y}, {x}, {.gradients = {Variable(cotangent)}, .retain_graph = true}); });
  REQUIRE_FALSE(messages.empty());
  for (const std::string& message : messages) {
    CAPTURE(message);
    CHECK((message.starts_with("backward of exp: mul: ") || message.starts_with("grad: ")));
  }
}

TEST_CASE("an operation is known to the threads that help it") {
  const detail::OperationScope operation("outer");
  std::atomic<int64_t> unknown = 0;
  parallel_for(0, 64, 1, [&](int64_t begin, int64_t end) {
    unknown += detail::OperationScope::current().name == "outer" ? 0 : end - begin;
  });
  CHECK(unknown == 0);
}

}  // namespace
}  // namespace heed::test
