// A user's own decoder: its state, and the refusal, by name, of what it gives in a wrong shape.
#include <algorithm>
#include <functional>
#include <memory>

#include <heed/autograd/index.h>
#include <heed/nn/seq2seq/beam_search.h>
#include <heed/nn/seq2seq/greedy_search.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/view.h>

#include "support/catch.h"
#include "support/toy_seq2seq.h"

using namespace heed;

namespace {

constexpr int64_t kVocabulary = 12;

/// The shapes of what a decoder gives.
struct Shapes {
  Shape start{2, 3}, next{2, 3};
  Shape logits{2, kVocabulary}, weights{2, 4};
  Shape all_logits{2, 3, kVocabulary}, all_weights{2, 3, 4};
};

Variable zero(const Shape& shape) { return zeros(shape); }

/// Zeros of the shapes it is told.
class Shaped : public Decoder {
 public:
  explicit Shaped(const Shapes& shapes) : shapes_(shapes) {}
  DecoderState start(const Encoding&) const override { return State{zero(shapes_.start)}; }
  DecoderStep step(const Tensor&, const DecoderState&) const override {
    return {zero(shapes_.logits), zero(shapes_.weights), State{zero(shapes_.next)}};
  }
  DecoderOutput forward(const Tensor&, const DecoderState&) const override {
    return {zero(shapes_.all_logits), zero(shapes_.all_weights)};
  }

 private:
  struct State {
    Variable h;
    void list(StateMembers& members) { members.changing("h", h); }
  };
  Shapes shapes_;
};

/// Reads any source as a memory of a given shape.
class Reader : public Encoder {
 public:
  explicit Reader(const Shape& memory) : memory_(memory) {}
  Encoding forward(const Tensor&, const Tensor&) const override { return {zero(memory_), {}, {}}; }

 private:
  Shape memory_;
};

Tensor source() { return full({2, 4}, 3, DType::int64); }
Tensor target() { return full({2, 3}, 3, DType::int64); }

std::unique_ptr<Seq2Seq> model_of(const Shapes& shapes, const Shape& memory = {2, 4, 1}) {
  return std::make_unique<Seq2Seq>(std::make_unique<Reader>(memory), std::make_unique<Shaped>(shapes));
}

std::string message_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const ShapeError& error) {
    return error.what();
  }
  return "nothing thrown";
}

/// The message with which all three that use a decoder step by step refuse it.
std::string refusal(Seq2Seq& model) {
  const std::string message = message_of([&] { greedy_search(model, source(), Tensor(), 3); });
  CHECK(message_of([&] { beam_search(model, source(), Tensor()); }) == message);
  CHECK(message_of([&] { model.forward(source(), Tensor(), target(), {.ratio = 0.5}); }) == message);
  return message;
}

}  // namespace

TEST_CASE("a decoder's steps of a wrong shape are refused by name") {
  CHECK(refusal(*model_of({.logits = {2, 1, 12}})) == "decoder.step: logits must be (2, V), got (2, 1, 12)");
  CHECK(refusal(*model_of({.logits = {3, 12}})) == "decoder.step: logits must be (2, V), got (3, 12)");
  CHECK(refusal(*model_of({.weights = {2, 5}})) == "decoder.step: weights must be (2, 4), got (2, 5)");
  CHECK(refusal(*model_of({.weights = {2}})) == "decoder.step: weights must be (2, 4), got (2,)");
  CHECK(refusal(*model_of({.next = {1, 3}})) == "decoder.step: h must have 2 rows, one per sequence, got (1, 3)");
}

TEST_CASE("a decoder's start with another batch size is refused, and so is an encoder's memory") {
  const auto model = model_of({.start = {3, 3}});
  const std::string message = "decoder.start: h must have 2 rows, one per sequence, got (3, 3)";
  CHECK(refusal(*model) == message);
  CHECK(message_of([&] { model->loss(source(), Tensor(), target()); }) == message);
  CHECK(refusal(*model_of({}, {2, 4})) == "encoder.forward: memory must be (2, S, M), got (2, 4)");
}

TEST_CASE("a decoder's forward of a wrong shape is refused by name") {
  const auto refusal_at_once = [](const Shapes& shapes) {
    return message_of([&] { model_of(shapes)->forward(source(), Tensor(), target()); });
  };
  CHECK(refusal_at_once({.all_logits = {2, 2, 12}}) == "decoder.forward: logits must be (2, 3, V), got (2, 2, 12)");
  CHECK(refusal_at_once({.all_weights = {2, 4, 3}}) == "decoder.forward: weights must be (2, 3, 4), got (2, 4, 3)");
  CHECK(refusal_at_once({}) == "nothing thrown");
}

TEST_CASE("the loop of step() refuses wrong steps of a decoder outside a model") {
  Shaped decoder({.logits = {2, 1, 12}});
  CHECK(message_of([&] { decoder.Decoder::forward(target(), decoder.start({})); }) ==
        "Decoder.step: logits must be (2, V), got (2, 1, 12)");
}

namespace {

struct Inner {
  Variable walked;
  Tensor marks;
  void list(StateMembers& members) {
    members.changing("walked", walked);
    members.fixed("marks", marks);
  }
};

struct Outer {
  std::vector<Variable> cells;
  Variable memory;
  DecoderState inner;
  int64_t steps = 0;
  void list(StateMembers& members) {
    members.changing("cells", cells);
    members.fixed("memory", memory);
    inner.list(members);
  }
};

Tensor rows_of(double first) { return from_vector<double>({first, first + 1, first + 2}, {3, 1}); }

double first_row(const Tensor& x) { return x.at({0, 0}); }

}  // namespace

TEST_CASE("rows of a state are selected member by member, those of its parts too") {
  const DecoderState state = Outer{{rows_of(0), rows_of(10)}, Variable(), Inner{rows_of(20), rows_of(30)}, 7};
  const DecoderState last = state.select(tensor<int64_t>({2, 0}));
  const auto& outer = last.as<Outer>();
  CHECK(first_row(outer.cells[0].value()) == 2);
  CHECK(first_row(outer.cells[1].value()) == 12);
  CHECK(!outer.memory.defined());
  CHECK(outer.steps == 7);
  CHECK(first_row(outer.inner.as<Inner>().walked.value()) == 22);
  CHECK(first_row(outer.inner.as<Inner>().marks) == 32);
  CHECK(outer.inner.as<Inner>().marks.size(0) == 2);
  const DecoderState kept = state.select_changing(tensor<int64_t>({1, 1, 1}));
  CHECK(first_row(kept.as<Outer>().inner.as<Inner>().walked.value()) == 21);
  CHECK(first_row(kept.as<Outer>().inner.as<Inner>().marks) == 30);
  CHECK(first_row(state.as<Outer>().cells[0].value()) == 0);
}

TEST_CASE("a decoder refuses the state of another") {
  const DecoderState state = Inner{};
  CHECK_THROWS_AS(state.as<Outer>(), ValueError);
  CHECK_THROWS_AS(DecoderState().as<Inner>(), ValueError);
}

namespace {

/// Ends every sequence at once, and remembers the fewest rows that its state had.
class Ending : public Decoder {
 public:
  explicit Ending(int64_t eos) : eos_(eos) {}
  DecoderState start(const Encoding&) const override { return State{zero({2, 3})}; }
  DecoderStep step(const Tensor& tokens, const DecoderState& state) const override {
    Tensor logits = zeros({tokens.size(0), kVocabulary});
    Tensor of_eos = select(logits, 1, eos_);
    fill_(of_eos, 50);
    return {Variable(logits), Variable(), state};
  }
  DecoderOutput forward(const Tensor&, const DecoderState&) const override { return {}; }

  static inline int64_t fewest_rows = 2;

 private:
  struct State {
    Variable h;
    void list(StateMembers& members) {
      members.changing("h", h);
      fewest_rows = std::min(fewest_rows, h.size(0));
    }
  };
  int64_t eos_;
};

}  // namespace

TEST_CASE("beam search asks for no state when nothing goes on") {
  const Seq2Seq model(std::make_unique<Reader>(Shape{2, 4, 1}), std::make_unique<Ending>(SpecialTokens().eos));
  const auto found = beam_search(model, source(), Tensor(), {.beam = 1, .max_length = 4});
  CHECK((found.size() == 2 && found[0][0].ended && found[0][0].tokens.empty()));
  CHECK(Ending::fewest_rows > 0);
}

TEST_CASE("a decoder that changes what it lists as fixed is refused by name") {
  struct Careless : Decoder {
    struct State {
      Variable h;
      void list(StateMembers& members) { members.fixed("h", h); }
    };
    DecoderState start(const Encoding&) const override { return State{zero({2, 3})}; }
    DecoderStep step(const Tensor& tokens, const DecoderState&) const override {
      return {zero({tokens.size(0), kVocabulary}), Variable(), State{zero({tokens.size(0), 3})}};
    }
  };
  const Seq2Seq model(std::make_unique<Reader>(Shape{2, 4, 1}), std::make_unique<Careless>());
  std::string message;
  try {
    beam_search(model, source(), Tensor());
  } catch (const ValueError& error) {
    message = error.what();
  }
  CHECK(message == "decoder.step: h is listed as fixed and has changed: list it with changing()");
}
