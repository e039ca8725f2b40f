// What every row of the op table buys.
#include "support/op_table.h"

#include <algorithm>
#include <set>
#include <unordered_set>

#include <heed/autograd/gradcheck.h>
#include <heed/autograd/node.h>
#include <heed/tensor/error.h>

#include "support/declared.h"

namespace heed::test {

namespace {

/// Calls f(row, case, seed) for all cases of all rows, with both in the message of whatever fails.
template <class F>
void for_each_case(const F& f) {
  for (const OpRow& each : all_rows()) {
    for (size_t i = 0; i < each.cases.size(); ++i) {
      std::ostringstream text;
      text << each.name << ", case " << i << ":";
      for (const Input& input : each.cases[i]) {
        text << " " << input.shape;
      }
      INFO(text.str());
      f(each, each.cases[i], static_cast<uint32_t>(1000 + i));
    }
  }
}

std::vector<Tensor> data_of(const Case& inputs, uint32_t seed) {
  std::vector<Tensor> data;
  for (const Input& input : inputs) {
    data.push_back(random_tensor(input.shape, seed++, input.dtype, input.low, input.high));
  }
  return data;
}

std::vector<Variable> variables_of(const std::vector<Tensor>& data) {
  std::vector<Variable> variables;
  for (const Tensor& each : data) {
    variables.emplace_back(each, is_floating(each.dtype()));
  }
  return variables;
}

std::vector<Variable> differentiable(const std::vector<Variable>& variables) {
  std::vector<Variable> result;
  std::copy_if(variables.begin(), variables.end(), std::back_inserter(result),
               [](const Variable& x) { return x.requires_grad(); });
  return result;
}

/// Gradients of the outputs that have one, for random gradients of these outputs.
std::vector<Tensor> gradients_of(const std::vector<Variable>& outputs, const std::vector<Variable>& inputs,
                                 bool create_graph = false) {
  std::vector<Variable> roots, cotangents;
  for (const Variable& output : outputs) {
    if (output.requires_grad()) {
      roots.push_back(output);
      cotangents.emplace_back(to(random_tensor(output.shape(), 77, DType::float64), output.dtype()));
    }
  }
  std::vector<Tensor> result;
  for (const Variable& each :
       grad(roots, inputs, {.gradients = cotangents, .create_graph = create_graph, .allow_unused = true})) {
    result.push_back(each.defined() ? each.value() : Tensor());
  }
  return result;
}

struct Outcome {
  std::vector<Tensor> outputs, gradients;
};

Outcome run(const OpRow& each, const std::vector<Tensor>& data) {
  const std::vector<Variable> inputs = variables_of(data);
  const std::vector<Variable> outputs = each.function(inputs);
  Outcome outcome;
  for (const Variable& output : outputs) {
    outcome.outputs.push_back(output.value());
  }
  outcome.gradients = gradients_of(outputs, differentiable(inputs));
  return outcome;
}

void check_same_bits(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  REQUIRE(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    CAPTURE(i);
    REQUIRE(a[i].defined() == b[i].defined());
    CHECK((!a[i].defined() || same_bits(a[i], b[i])));
  }
}

/// Every element within `tolerance` times the largest one (or 1).
void check_near(const std::vector<Tensor>& actual, const std::vector<Tensor>& expected, double tolerance) {
  REQUIRE(actual.size() == expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    if (!expected[i].defined()) {
      CHECK(!actual[i].defined());
      continue;
    }
    REQUIRE(actual[i].shape() == expected[i].shape());
    const std::vector<double> a = values(actual[i]), e = values(expected[i]);
    double largest = 1;
    for (const double value : e) {
      largest = std::isfinite(value) ? std::max(largest, std::abs(value)) : largest;
    }
    for (size_t k = 0; k < e.size(); ++k) {
      const bool same = a[k] == e[k] || (std::isnan(a[k]) && std::isnan(e[k]));
      if (!same && !(std::abs(a[k] - e[k]) <= tolerance * largest)) {
        CAPTURE(i, k, a[k], e[k]);
        FAIL_CHECK("values differ");
        break;
      }
    }
  }
}

TEST_CASE("every op gives the values of its float64 reference") {
  for_each_case([](const OpRow& each, const Case& inputs, uint32_t seed) {
    const std::vector<Tensor> data = data_of(inputs, seed);
    Arrays arrays;
    for (const Tensor& x : data) {
      arrays.push_back(array_of(x));
    }
    const Arrays expected = each.reference(arrays);
    const std::vector<Variable> outputs = each.function(variables_of(data));
    REQUIRE(outputs.size() == expected.size());
    for (size_t i = 0; i < outputs.size(); ++i) {
      CAPTURE(i);
      REQUIRE(outputs[i].shape() == expected[i].shape);
      check_close(values(outputs[i].value()), expected[i].values, each.tolerance);
    }
  });
}

TEST_CASE("every op gives the same bits and gradients for strided inputs") {
  for_each_case([](const OpRow& each, const Case& inputs, uint32_t seed) {
    const std::vector<Tensor> data = data_of(inputs, seed);
    std::vector<Tensor> spread;
    std::transform(data.begin(), data.end(), std::back_inserter(spread), strided);
    const Outcome plain = run(each, data), other = run(each, spread);
    check_same_bits(other.outputs, plain.outputs);
    check_same_bits(other.gradients, plain.gradients);
  });
}

TEST_CASE("every op agrees with itself between float32 and float64, and keeps the dtype") {
  for_each_case([](const OpRow& each, const Case& inputs, uint32_t seed) {
    std::vector<Tensor> narrow, wide;
    for (const Tensor& x : data_of(inputs, seed)) {
      narrow.push_back(is_floating(x.dtype()) ? to(x, DType::float32) : x);
      wide.push_back(is_floating(x.dtype()) ? to(narrow.back(), DType::float64) : x);
    }
    const Outcome single_precision = run(each, narrow), double_precision = run(each, wide);
    check_near(single_precision.outputs, double_precision.outputs, each.float32_tolerance);
    check_near(single_precision.gradients, double_precision.gradients, 5 * each.float32_tolerance);
    for (const Tensor& output : single_precision.outputs) {
      CHECK(output.dtype() == DType::float32);
    }
    for (const Tensor& gradient : single_precision.gradients) {
      CHECK((!gradient.defined() || gradient.dtype() == DType::float32));
    }
  });
}

TEST_CASE("every op's gradient is that of differences") {
  for_each_case([](const OpRow& each, const Case& inputs, uint32_t seed) {
    const GradcheckResult result = gradcheck(each.function, variables_of(data_of(inputs, seed)));
    CAPTURE(result.message);
    CHECK(result.ok);
  });
}

TEST_CASE("every op's gradient of gradients is that of differences") {
  for_each_case([](const OpRow& each, const Case& inputs, uint32_t seed) {
    const GradcheckResult result = gradgradcheck(each.function, variables_of(data_of(inputs, seed)));
    CAPTURE(result.message);
    CHECK(result.ok);
  });
}

TEST_CASE("every op gives one input the same gradient whether or not others want theirs") {
  for_each_case([](const OpRow& each, const Case& inputs, uint32_t seed) {
    const std::vector<Tensor> data = data_of(inputs, seed);
    const std::vector<Tensor> all = run(each, data).gradients;
    for (size_t i = 0, place = 0; i < data.size(); ++i) {
      if (!is_floating(data[i].dtype())) {
        continue;
      }
      CAPTURE(i);
      std::vector<Variable> alone(data.begin(), data.end());
      alone[i].set_requires_grad(true);
      check_same_bits(gradients_of(each.function(alone), {alone[i]}), {all[place]});
      const std::vector<Variable> together = variables_of(data);
      check_same_bits(gradients_of(each.function(together), {together[i]}), {all[place]});
      // With a graph of the gradient fused operations take another way, on which zeros may stay undefined.
      const Tensor recorded = gradients_of(each.function(together), {together[i]}, true)[0];
      const Tensor zero = zeros_like(data[i]);
      check_near({recorded.defined() ? recorded : zero}, {all[place].defined() ? all[place] : zero}, 1e-12);
      ++place;
    }
  });
}

/// The names of all operations recorded behind `outputs`.
std::set<std::string> names_behind(const std::vector<Variable>& outputs) {
  std::set<std::string> names;
  std::vector<const Node*> stack;
  for (const Variable& output : outputs) {
    if (output.node()) {
      stack.push_back(output.node().get());
    }
  }
  std::unordered_set<const Node*> seen(stack.begin(), stack.end());
  while (!stack.empty()) {
    const Node* node = stack.back();
    stack.pop_back();
    names.insert(node->name());
    for (const detail::Edge& edge : node->edges()) {
      if (edge.node && seen.insert(edge.node.get()).second) {
        stack.push_back(edge.node.get());
      }
    }
  }
  return names;
}

/// The gradients are `expected`, or the error names an operation that saved what was written to.
void check_refused_or_right(const std::vector<Variable>& outputs, const std::vector<Variable>& inputs,
                            const std::vector<Tensor>& expected) {
  try {
    check_same_bits(gradients_of(outputs, inputs), expected);
  } catch (const GraphError& error) {
    const std::string message = error.what();
    const std::set<std::string> names = names_behind(outputs);
    CAPTURE(message);
    CHECK(names.contains(message.substr(0, message.find(':'))));
    CHECK(message.find("changed afterwards") != std::string::npos);
  }
}

/// x with axes that repeat cut to their first, so that it can be written.
Tensor without_repeats(Tensor x) {
  for (int64_t axis = 0; axis < x.rank(); ++axis) {
    x = x.strides()[axis] == 0 && x.size(axis) > 1 ? narrow(x, axis, 0, 1) : x;
  }
  return x;
}

TEST_CASE("every op refuses backward, by name, when what it saved was changed, or does without it") {
  for_each_case([](const OpRow& each, const Case& inputs, uint32_t seed) {
    const std::vector<Tensor> data = data_of(inputs, seed);
    const std::vector<Tensor> expected = run(each, data).gradients;
    for (size_t i = 0; i < data.size(); ++i) {
      CAPTURE(i);
      std::vector<Tensor> copies;
      std::transform(data.begin(), data.end(), std::back_inserter(copies), clone);
      const std::vector<Variable> variables = variables_of(copies);
      const std::vector<Variable> outputs = each.function(variables);
      fill_(copies[i], 0);
      check_refused_or_right(outputs, differentiable(variables), expected);
    }
    const std::vector<Variable> variables = variables_of(data_of(inputs, seed));
    const std::vector<Variable> outputs = each.function(variables);
    Tensor output = without_repeats(outputs[0].value());
    fill_(output, 0);
    check_refused_or_right(outputs, differentiable(variables), expected);
  });
}

TEST_CASE("every public differentiable op is in the table") {
  std::set<std::string> tested;
  for (const OpRow& each : all_rows()) {
    tested.insert(each.name);
  }
  const std::set<std::string> declared =
      declared_functions(HEED_AUTOGRAD_HEADERS,
                         R"(Variable|std::vector<Variable>|\w+Result(?:<\w+>)?|\w+Output|\w+State)", "Variable|Tensor");
  // These record operations or differentiate them.
  check_all_tested(declared, tested,
                   {"grad", "gradcheck", "gradgradcheck", "make_variable", "make_variables", "replayed"});
}

}  // namespace
}  // namespace heed::test
