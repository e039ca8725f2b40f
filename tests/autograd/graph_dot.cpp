// Pictures of graphs.
#include <heed/autograd/graph_dot.h>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

namespace heed::test {
namespace {

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

TEST_CASE("a picture has a box an operation, an ellipse a leaf, and shapes on its edges") {
  const Variable x(random_tensor({2, 3}, 1), true), w(random_tensor({3}, 2), true);
  const Variable y = x * w;
  const std::string dot = graph_dot(sum(y + y), {{"input \"x\"", x}});
  CHECK(dot.starts_with("digraph heed {"));
  CHECK(dot.ends_with("}\n"));
  CHECK(count(dot, "[label=\"mul\"]") == 1);
  CHECK(count(dot, "[label=\"add\"]") == 1);
  CHECK(count(dot, "[label=\"sum\"]") == 1);
  CHECK(count(dot, "shape=ellipse, label=\"input \\\"x\\\" (2, 3)\"") == 1);
  CHECK(count(dot, "shape=ellipse, label=\"(3,)\"") == 1);
  CHECK(count(dot, "[label=\"(2, 3)\"]") == 3);  // mul to add twice, add to sum
  CHECK(count(dot, "->") == 5);
}

TEST_CASE("a leaf is a picture of its own, an undefined variable is none") {
  const Variable x(random_tensor({2}, 1), true);
  CHECK(count(graph_dot(x), "ellipse") == 1);
  CHECK_THROWS_AS(graph_dot(Variable()), GraphError);
}

}  // namespace
}  // namespace heed::test
