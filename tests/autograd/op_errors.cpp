// Every operation refuses wrong arguments in its own name: the one that a user wrote, not that of what it is made of.
#include <functional>

#include <heed/tensor/error.h>

#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;

Variables inputs_of(const Case& inputs) {
  Variables result;
  uint32_t seed = 1;
  for (const Input& input : inputs) {
    result.emplace_back(random_tensor(input.shape, seed++, input.dtype, input.low, input.high));
  }
  return result;
}

/// Begins with the operation's name, or with that of the Mask that it was given, or of the look-up of ids.
bool is_named(const std::string& message, const std::string& name) {
  return message.starts_with(name + ": ") || message.starts_with("Mask: ") ||
         (name == "embedding_linear" && message.starts_with("embedding: "));
}

/// Replaces each input in turn by wrong(input). Whatever heed throws must begin with the operation's name, and hold
/// `says`.
void check_names(const std::function<Variable(const Variable&)>& wrong, const std::string& says = "") {
  for (const OpRow& each : all_rows()) {
    if (each.name.ends_with("_composite")) {
      continue;  // never called by a user
    }
    const Variables right = inputs_of(each.cases[0]);
    for (size_t i = 0; i < right.size(); ++i) {
      Variables inputs = right;
      inputs[i] = wrong(right[i]);
      try {
        each.function(inputs);
      } catch (const Error& error) {
        const std::string message = error.what();
        CAPTURE(each.name, i, message);
        CHECK(is_named(message, each.name));
        CHECK(message.find(says) != std::string::npos);
      }
    }
  }
}

TEST_CASE("every op refuses an undefined input in its own name") {
  check_names([](const Variable&) { return Variable(); }, "undefined");
}

TEST_CASE("every op refuses an input of another dtype in its own name") {
  for (const DType dtype : {DType::float32, DType::int64, DType::boolean}) {
    check_names([dtype](const Variable& x) { return Variable(to(x.value(), dtype)); });
  }
}

TEST_CASE("every op refuses an input of another shape in its own name") {
  check_names([](const Variable& x) {
    Shape shape = x.shape();
    shape.insert(0, 11);
    return Variable(zeros(shape, x.dtype()));
  });
  check_names([](const Variable& x) {
    Shape shape = x.shape();
    for (int64_t& size : shape) {
      size += 7;
    }
    return Variable(zeros(shape, x.dtype()));
  });
  check_names([](const Variable& x) { return Variable(zeros({}, x.dtype())); });
  check_names([](const Variable& x) { return Variable(full(x.shape(), 1000, x.dtype())); });  // of indices: too large
}

}  // namespace
}  // namespace heed::test
