// A model, a loss, a loop: an LSTM reads a string of symbols and must then say which one came first.
#include <heed/heed.h>

#include <iostream>

#include "program.h"

using namespace heed;

constexpr int64_t kSymbols = 8, kLength = 10, kBatch = 64, kHidden = 64;

// A model is a Module whose parts are plain members, registered under the names its weights are saved by.
class FirstSymbol : public Module {
 public:
  FirstSymbol() : embedding_(kSymbols, 16), lstm_(16, kHidden), output_(kHidden, kSymbols) {
    register_module("embedding", embedding_);
    register_module("lstm", lstm_);
    register_module("output", output_);
  }

  // symbols int64 (B, T) -> logits (B, V)
  Variable forward(const Tensor& symbols) {
    const LSTMOutput read = lstm_.forward(embedding_.forward(symbols));
    return output_.forward(select(read.h, 0, 0));  // the last state of layer 0
  }

 private:
  Embedding embedding_;
  LSTM lstm_;
  Linear output_;
};

int learn() {
  seed_default_generator(1);
  FirstSymbol model;
  std::cout << summary(model) << '\n';
  Adam optimizer(model, {.lr = 1e-2});
  for (int step = 1; step <= 400; ++step) {
    const Tensor symbols = randint({kBatch, kLength}, 0, kSymbols);
    const Tensor first = select(symbols, 1, 0);
    optimizer.zero_grad();
    const Variable logits = model.forward(symbols);
    const Variable loss = cross_entropy(logits, first);
    backward(loss);
    clip_grad_norm(model.parameters(), 1.0);
    optimizer.step();
    if (step % 100 == 0) {
      const double right = mean(to(eq(argmax(logits.value(), 1), first), DType::float32)).item();
      std::cout << "step " << step << "  loss " << loss.item() << "  right " << 100 * right << " %\n";
    }
  }
  save_checkpoint("quickstart.npz", capture(model, &optimizer));
  std::cout << "saved quickstart.npz, which numpy.load opens\n";
  return 0;
}

int main(int argc, char** argv) {
  return examples::run_program(argc, argv, "quickstart", "Trains an LSTM to say which symbol came first.", learn);
}
