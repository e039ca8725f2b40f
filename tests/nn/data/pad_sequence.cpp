// Padding of sequences, and the masks and lengths that tell it.
#include <heed/nn/data/pad_sequence.h>

#include <heed/nn/data/sequence_pair.h>
#include <heed/tensor/error.h>

#include "support/reference.h"

namespace heed::test {

TEST_CASE("pad_sequence stacks as PyTorch does, with its defaults") {
  const std::vector<Tensor> sequences = {from_vector<float>({1, 2, 3}, {3}), from_vector<float>({4}, {1})};
  const Tensor padded = pad_sequence(sequences);
  CHECK(padded.shape() == Shape{3, 2});
  CHECK(values(padded) == std::vector<double>{1, 4, 2, 0, 3, 0});
  CHECK(values(pad_sequence(sequences, true, -1)) == std::vector<double>{1, 2, 3, 4, -1, -1});
  const std::vector<Tensor> vectors = {random_tensor({2, 5}, 1), random_tensor({4, 5}, 2), zeros({0, 5})};
  const Tensor rows = pad_sequence(vectors, true);
  CHECK(rows.shape() == Shape{3, 4, 5});
  CHECK(same_bits(select(rows, 0, 1), vectors[1]));
  CHECK(same_bits(narrow(select(rows, 0, 0), 0, 0, 2), vectors[0]));
  CHECK(values(select(rows, 0, 2)) == std::vector<double>(20, 0.0));
  CHECK(same_bits(pad_sequence(vectors), contiguous(transpose(rows, 0, 1))));
  CHECK(pad_sequence({from_vector<int64_t>({7}, {1})}, true, -100).dtype() == DType::int64);
}

TEST_CASE("pad_sequence refuses by name what does not go together") {
  CHECK(message_of<ValueError>([] { pad_sequence({}); }) == "pad_sequence: needs at least one sequence, got none");
  CHECK(message_of<ShapeError>([] {
          pad_sequence({zeros({2, 3}), zeros({2, 4})});
        }) == "pad_sequence: sequences must differ in their first size only, got (2, 3), and (2, 4) as number 1");
  CHECK(message_of<DTypeError>([] {
          pad_sequence({zeros({2}), zeros({2}, DType::int64)});
        }) == "pad_sequence: sequences must have one dtype, got float32, and int64 as number 1");
  CHECK_THROWS_AS(pad_sequence({scalar(1)}), ShapeError);
  CHECK_THROWS_AS(pad_sequence({Tensor()}), ValueError);
  CHECK_THROWS_AS(pad_sequence({zeros({2}, DType::int64)}, true, 0.5), ValueError);
}

TEST_CASE("padded tokens know their lengths and what a mask hides") {
  const PaddedTokens padded = pad_tokens({{5, 6}, {7}, {}}, -1);
  CHECK(padded.tokens.to_vector<int64_t>() == std::vector<int64_t>{5, 6, 7, -1, -1, -1});
  CHECK(padded.lengths.to_vector<int64_t>() == std::vector<int64_t>{2, 1, 0});
  CHECK(padded.mask().padded(3, 2, "test").to_vector<bool>() ==
        std::vector<bool>{false, false, false, true, true, true});
  CHECK_THROWS_AS(pad_tokens({}), ValueError);
  const PaddedPairs pairs = pad_pairs({{{1, 2}, {3}}, {{4}, {5, 6, 7}}}, 0, -100);
  CHECK(pairs.source.tokens.to_vector<int64_t>() == std::vector<int64_t>{1, 2, 4, 0});
  CHECK(pairs.target.tokens.to_vector<int64_t>() == std::vector<int64_t>{3, -100, -100, 5, 6, 7});
  CHECK(pairs.target.lengths.to_vector<int64_t>() == std::vector<int64_t>{1, 3});
}

}  // namespace heed::test
