// Embeddings with a padding row, and pieces that were not used.
#include <heed/autograd/index.h>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/gradcheck.h>
#include <heed/autograd/reduce.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

namespace heed::test {
namespace {

TEST_CASE("the padding row of an embedding is looked up but gets no gradient") {
  const Variable weight(random_tensor({4, 2}, 1, DType::float64), true);
  const Tensor ids = from_vector<int64_t>({1, 3, 1, 0}, {2, 2});
  for (const int64_t padding : {1, -3}) {
    Variable leaf(weight.value(), true);
    const Variable rows = embedding(leaf, ids, padding);
    CHECK(same_bits(rows.value(), embedding(weight, ids).value()));
    backward(sum(rows));
    check_close(values(leaf.grad()), {1, 1, 0, 0, 0, 0, 1, 1}, 0);
  }
  backward(sum(embedding(weight, ids)));
  check_close(values(weight.grad()), {1, 1, 2, 2, 0, 0, 1, 1}, 0);
}

TEST_CASE("an embedding with a padding row has gradients of gradients") {
  const Tensor ids = from_vector<int64_t>({1, 3, 1, 0}, {4});
  const Variable weight(random_tensor({4, 2}, 1, DType::float64), true);
  const Variable picked = embedding(weight, ids, 1);
  const Variable first = grad({sum(picked * picked * picked)}, {weight}, {.create_graph = true})[0];
  backward(sum(first));
  std::vector<double> expected = values(weight.value());
  for (size_t i = 0; i < expected.size(); ++i) {
    expected[i] *= i / 2 == 0 || i / 2 == 3 ? 6 : 0;
  }
  check_close(values(weight.grad()), expected, 1e-15);
}

TEST_CASE("a padding row out of range, and an id, are refused") {
  const Variable weight(random_tensor({4, 2}, 1), true);
  const Tensor ids = from_vector<int64_t>({4}, {1});
  CHECK_THROWS_AS(embedding(weight, ids), IndexError);
  CHECK(message_of<IndexError>([&] { embedding(weight, zeros({1}, DType::int64), 4); }) ==
        "embedding: padding_idx must be in -4 … 3, got 4");
}

TEST_CASE("pieces of one split are one operation, however many are used") {
  const Variable x(random_tensor({6, 2}, 1, DType::float64), true);
  const std::vector<Variable> steps = unbind(x, 0);
  CHECK(steps[0].node().get() == steps[5].node().get());
  CHECK(steps[3].output_index() == 3);
  backward(sum(steps[1] * 2.0 + steps[4] * 3.0));
  check_close(values(x.grad()), {0, 0, 2, 2, 0, 0, 0, 0, 3, 3, 0, 0}, 0);
}

TEST_CASE("variables and tensors can be joined from lists in braces") {
  const Variable x(ones({2}), true);
  CHECK(cat({x, x * 2.0}).shape() == Shape{4});
  CHECK(stack({x, x}, 1).shape() == Shape{2, 2});
}

}  // namespace
}  // namespace heed::test
