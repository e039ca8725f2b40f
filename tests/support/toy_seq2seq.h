// A user's own encoder and decoder, small enough to search exhaustively: a decoder whose logits depend on the source
// and on every symbol so far, and which attends.
#pragma once

#include <memory>
#include <vector>

#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/view.h>
#include <heed/nn/seq2seq/greedy_search.h>
#include <heed/nn/seq2seq/seq2seq.h>
#include <heed/tensor/create.h>
#include <heed/tensor/random.h>
#include <heed/tensor/softmax.h>

namespace heed::test {

inline Variable random_parameter(const Shape& shape, uint64_t seed, double scale) {
  Generator generator(seed, 7);
  return Variable(randn(shape, DType::float64, generator) * scale, true);
}

/// memory: an embedding of each symbol, state: its sum over the source's own positions.
class ToyEncoder : public Encoder {
 public:
  ToyEncoder(int64_t vocabulary, int64_t size, uint64_t seed) : table_(random_parameter({vocabulary, size}, seed, 1)) {
    register_parameter("table", table_);
  }
  Encoding forward(const Tensor& source, const Tensor& lengths) const override {
    Encoding encoding;
    encoding.memory = embedding(table_, source);
    if (lengths.defined()) {
      encoding.mask = padding_mask(lengths, source.size(1));
      encoding.memory = masked_fill(encoding.memory, unsqueeze(encoding.mask, -1), 0);
    }
    encoding.state = {CellState{sum(encoding.memory, {1})}};
    return encoding;
  }

 private:
  Variable table_;
};

/// h = tanh(h A + E[symbol]); logits = (h + context) W.
class ToyDecoder : public Decoder {
 public:
  ToyDecoder(int64_t vocabulary, int64_t size, uint64_t seed, double scale = 1)
      : recurrent_(random_parameter({size, size}, seed + 1, 0.7)),
        table_(random_parameter({vocabulary, size}, seed + 2, 1)),
        output_(random_parameter({size, vocabulary}, seed + 3, scale)) {
    register_parameter("recurrent", recurrent_);
    register_parameter("table", table_);
    register_parameter("output", output_);
  }
  DecoderState start(const Encoding& encoding) const override {
    return State{encoding.state[0][0], encoding.memory, encoding.mask};
  }
  DecoderStep step(const Tensor& tokens, const DecoderState& given) const override {
    const auto& [before, memory, mask] = given.as<State>();
    const Variable h = tanh(matmul(before, recurrent_) + embedding(table_, tokens));
    const Variable scores = squeeze(matmul(memory, unsqueeze(h, -1)), -1);
    const Variable weights = mask.defined() ? masked_softmax(scores, mask) : softmax(scores, -1);
    const Variable context = squeeze(matmul(unsqueeze(weights, 1), memory), 1);
    return {matmul(h + context, output_), weights, State{h, memory, mask}};
  }

 private:
  struct State {
    Variable h;       // (B, H)
    Variable memory;  // (B, S, H)
    Tensor mask;      // (B, S), or undefined
    void list(StateMembers& members) {
      members.changing("h", h);
      members.fixed("memory", memory);
      members.fixed("mask", mask);
    }
  };

  Variable recurrent_, table_, output_;
};

inline std::unique_ptr<Seq2Seq> toy_seq2seq(int64_t vocabulary, uint64_t seed, double scale = 1) {
  return std::make_unique<Seq2Seq>(std::make_unique<ToyEncoder>(vocabulary, 3, seed),
                                   std::make_unique<ToyDecoder>(vocabulary, 3, seed, scale));
}

/// What feeding an output to the model gives: its log-probability, and the weights of each step, (1, T, S).
struct Fed {
  double log_probability = 0;
  Tensor weights = {};
};

/// `source` (1, S) and `lengths` (1) are those of one source, float64.
inline Fed feed(const Seq2Seq& model, const Tensor& source, const Tensor& lengths, const Hypothesis& output) {
  std::vector<int64_t> target = output.tokens;
  if (output.ended) {
    target.push_back(model.tokens().eos);
  }
  const auto steps = static_cast<int64_t>(target.size());
  const DecoderOutput fed = model.forward(source, lengths, from_vector(target, {1, steps}));
  const Tensor log_p = log_softmax(fed.logits.value(), -1);
  Fed result{.weights = fed.weights.value()};
  for (int64_t t = 0; t < steps; ++t) {
    result.log_probability += log_p.at({0, t, target[static_cast<size_t>(t)]});
  }
  return result;
}

}  // namespace heed::test
