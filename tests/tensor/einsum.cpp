// What einsum says of equations that do not fit; and lengths of vectors beyond the range of squares.
#include <heed/tensor/einsum.h>

#include <limits>

#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/multiply_adds.h>
#include <heed/tensor/rms_norm.h>
#include <heed/tensor/vector_norm.h>

#include "support/reference.h"

using namespace heed;
using namespace heed::test;

TEST_CASE("einsum of tensors is their product") {
  const Tensor a = random_tensor({3, 4}, 1), b = random_tensor({4, 5}, 2);
  check_close(einsum("ij,jk->ik", {a, b}), matmul(a, b), 1e-6);
  check_close(einsum("...j,...jk->...k", {random_tensor({2, 1, 4}, 1), random_tensor({3, 4, 5}, 2)}),
              squeeze(matmul(unsqueeze(random_tensor({2, 1, 4}, 1), 2), random_tensor({3, 4, 5}, 2)), 2), 1e-6);
}

TEST_CASE("einsum multiplies element by element where nothing is summed") {
  const Tensor a = random_tensor({3, 4}, 1), b = random_tensor({4, 3}, 2), row = random_tensor({4}, 3);
  const int64_t before = multiply_adds();
  check_close(einsum("ij,ji->ij", {a, b}), a * transpose(b, 0, 1), 0);
  check_close(einsum("ij,j->ji", {a, row}), transpose(a * row, 0, 1), 0);
  check_close(einsum("j,ij->ij", {row, a}), row * a, 0);
  check_close(einsum(",ij->ji", {full({}, 2.0), a}), transpose(a * 2.0, 0, 1), 0);
  check_close(einsum("...j,j...->...j", {a, b}), a * transpose(b, 0, 1), 0);
  CHECK(multiply_adds() == before);
}

TEST_CASE("an equation that does not fit is refused by what is wrong with it") {
  const Tensor a = ones({3, 4});
  const auto says = [&](const std::string& equation, const std::vector<Tensor>& x) {
    return message_of<Error>([&] { einsum(equation, x); });
  };
  CHECK(says("ij,jk->ik", {a}) == "einsum: 'ij,jk->ik' is for 2 operands, got 1");
  CHECK(says("ij,jk->ik", {a, a}) == "einsum: the axes of 'j' have sizes 4 and 3 in 'ij,jk->ik'");
  CHECK(says("ijk->ik", {a}) == "einsum: operand 0 must have 3 axes, got (3, 4) in 'ijk->ik'");
  CHECK(says("ijk...->ik", {a}) == "einsum: operand 0 must have at least 3 axes, got (3, 4) in 'ijk...->ik'");
  CHECK(says("ij->ik", {a}) == "einsum: the result's 'k' is in no operand of 'ij->ik'");
  CHECK(says("ij->ii", {a}) == "einsum: the result's 'i' occurs twice in 'ij->ii'");
  CHECK(says("i1->i", {a}) == "einsum: letters and one '...' name the axes, got 'i1' in 'i1->i'");
  CHECK(says("......", {a}) == "einsum: letters and one '...' name the axes, got '......' in '......'");
  CHECK(says("i...,j...", {a, ones({3, 5})}) == "einsum: the axes of '...' have sizes 4 and 5 in 'i...,j...'");
  CHECK(says("", {a}) == "einsum: operand 0 must have 0 axes, got (3, 4) in ''");
  CHECK(says("ij", {arange(3)}) == "einsum: needs float32 or float64, got int64");
  CHECK(says("i,i", {ones({3}), ones({3}, DType::float64)}) == "einsum: dtypes must match, got float32 and float64");
}

TEST_CASE("a norm is right where the squares leave the range") {
  CHECK(norm(tensor({3e30F, 4e30F})).item() == Approx(5e30));
  CHECK(norm(tensor({3e-30F, 4e-30F})).item() == Approx(5e-30));
  CHECK(norm(tensor({3e200, 4e200}), 3).item() == Approx(std::cbrt(27.0 + 64.0) * 1e200));
  CHECK(norm(zeros({3})).item() == 0);
  CHECK(norm(zeros({0})).item() == 0);
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(norm(tensor({1.0, -infinity})).item() == infinity);
  CHECK(std::isnan(norm(tensor({1.0, std::nan("")})).item()));
  CHECK(norm(tensor({{3.0, 4.0}, {0.0, 0.0}}), 2, 1).to_vector<double>() == std::vector<double>{5, 0});
  CHECK(norm(tensor({-3.0, 2.0}), infinity).item() == 3);
  CHECK(message_of<ValueError>([] { norm(ones({2}), 0); }) == "norm: p must be above 0, got 0");
  CHECK(message_of<DTypeError>([] { norm(arange(2)); }) == "norm: needs float32 or float64, got int64");
  CHECK(message_of<IndexError>([] { norm(ones({2}), 2, 1); }) == "norm: axis 1 is out of range for rank 1");
}

TEST_CASE("cosine similarity is that of directions, and 0 beside a zero vector") {
  const Tensor a = tensor({{1.0, 0.0}, {1e200, 0.0}, {0.0, 0.0}}), b = tensor({{3.0, 3.0}, {-2e200, 0.0}, {1.0, 1.0}});
  check_close(cosine_similarity(a, b), tensor({std::sqrt(0.5), -1.0, 0.0}), 1e-15);
  CHECK(message_of<ShapeError>([] { cosine_similarity(ones({2, 3}), ones({4})); }).starts_with("cosine_similarity: "));
  CHECK(message_of<IndexError>([] { cosine_similarity(ones({2}), ones({2})); }) ==
        "cosine_similarity: axis 1 is out of range for rank 1");
}

TEST_CASE("rms_norm refuses what does not fit") {
  CHECK(message_of<ShapeError>([] { rms_norm(ones({2, 3}), 3); }) == "rms_norm: needs 1 to 2 axes of (2, 3), got 3");
  CHECK(message_of<ShapeError>([] {
          rms_norm(ones({2, 3}), 1, ones({2}));
        }) == "rms_norm: the weight must be (3,), got (2,)");
  CHECK(message_of<ValueError>([] {
          rms_norm(ones({2, 3}), 1, {}, -1.0);
        }) == "rms_norm: eps must be 0 or more, got -1");
}
