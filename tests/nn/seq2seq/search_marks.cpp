// Symbols that decoders never write: those that fill up and begin sequences.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include <heed/nn/seq2seq/beam_search.h>
#include <heed/nn/seq2seq/greedy_search.h>
#include <heed/tensor/error.h>
#include <heed/tensor/view.h>

#include "support/catch.h"
#include "support/fixed_seq2seq.h"

using namespace heed;
using heed::test::fixed_seq2seq;
using heed::test::FixedDecoder;
using heed::test::seq2seq_of;

namespace {

Tensor some_source() { return from_vector<int64_t>({3, 4, 3, 2, 4, 4, 2, 0, 4, 2, 0, 0}, {3, 4}); }
Tensor some_lengths() { return tensor<int64_t>({4, 3, 2}); }

using Tokens = std::vector<int64_t>;

/// Keeps what it is fed; pad and bos are its most probable symbols.
class Recorder : public FixedDecoder {
 public:
  explicit Recorder(std::vector<Tokens>& fed) : FixedDecoder({9, 8, -1, 0, 1}), fed_(fed) {}
  DecoderStep step(const Tensor& tokens, const DecoderState& state) const override {
    fed_.push_back(tokens.to_vector<int64_t>());
    return FixedDecoder::step(tokens, state);
  }

 private:
  std::vector<Tokens>& fed_;
};

bool is_written(int64_t token) { return token >= 2; }

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("no output holds pad or bos, however probable, and the others keep their probabilities") {
  const auto model = fixed_seq2seq({9, 8, -1, 1, 0});
  const double log_p = 1 - std::log(std::exp(9) + std::exp(8) + std::exp(-1) + std::exp(1) + std::exp(0));
  for (const Hypothesis& output : greedy_search(*model, some_source(), some_lengths(), 4)) {
    REQUIRE(output.tokens == std::vector<int64_t>{3, 3, 3, 3});
    REQUIRE(output.log_probability == Approx(4 * log_p));
  }
  for (const auto& outputs :
       beam_search(*model, some_source(), some_lengths(), {.beam = 5, .max_length = 4, .n_best = 5})) {
    REQUIRE(outputs.size() == 5);
    for (const Hypothesis& output : outputs) {
      REQUIRE(std::all_of(output.tokens.begin(), output.tokens.end(), is_written));
    }
  }
}

TEST_CASE("what the decoder is fed without teacher forcing is never pad or bos either") {
  std::vector<Tokens> fed;
  seq2seq_of(std::make_unique<Recorder>(fed))->forward(some_source(), some_lengths(), some_source(), {.ratio = 0});
  REQUIRE(fed == std::vector<Tokens>{{1, 1, 1}, {4, 4, 4}, {4, 4, 4}, {4, 4, 4}});
}

TEST_CASE("searches take a vocabulary without pad and bos, and refuse one in which nothing else is possible") {
  const auto unmarked = fixed_seq2seq({0, 1, 2}, {.pad = 7, .bos = 8, .eos = 0});
  REQUIRE(greedy_search(*unmarked, some_source(), some_lengths(), 2)[0].tokens == std::vector<int64_t>{2, 2});
  const auto mute = fixed_seq2seq({1, 0, -kInfinity, -kInfinity});
  REQUIRE_THROWS_AS(greedy_search(*mute, some_source(), some_lengths(), 2), ValueError);
  REQUIRE_THROWS_AS(beam_search(*mute, some_source(), some_lengths()), ValueError);
}
