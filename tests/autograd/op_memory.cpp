// Every operation for which there is no memory says so in its own name, whichever of its tensors it is that does not
// fit.
#include <algorithm>
#include <functional>
#include <iterator>
#include <regex>

#include <heed/tensor/allocation_limit.h>

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
  for (const std::string& message : refusals(differentiate)) {
    CAPTURE(each.name, message);
    CHECK((message.starts_with("backward of ") || message.starts_with("grad: ")));
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

}  // namespace
}  // namespace heed::test
