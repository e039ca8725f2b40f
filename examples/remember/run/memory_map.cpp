// Memory maps: see memory_map.h.
#include "run/memory_map.h"

#include <cmath>
#include <vector>

#include <heed/autograd/backward.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/view.h>
#include <heed/nn/seq2seq/encoder.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/view.h>

namespace remember {

namespace {

/// Evaluation mode during its lifetime.
class EvaluationMode {
 public:
  explicit EvaluationMode(heed::Module& module) : module_(module), was_training_(module.training()) { module.eval(); }
  ~EvaluationMode() { module_.train(was_training_); }
  EvaluationMode(const EvaluationMode&) = delete;
  EvaluationMode& operator=(const EvaluationMode&) = delete;

 private:
  heed::Module& module_;
  bool was_training_;
};

}  // namespace

heed::Tensor memory_map(Model& model, const Tokens& source, const Tokens& target) {
  heed::Seq2Seq& network = model.network();
  auto* encoder = dynamic_cast<heed::EmbeddingEncoder*>(&network.encoder());
  heed::check(encoder != nullptr, "memory_map", "the encoder must read embeddings, got one that does not");
  const EvaluationMode evaluation(network);
  const Batch batch = make_batch({{source, target}}, model.source_form());
  const heed::Variable embedded(encoder->embed(batch.source.ids).value(), true);
  const heed::DecoderState state = network.decoder().start(encoder->encode(embedded, batch.source.lengths));
  const int64_t steps = batch.target.size(1);
  const heed::Tensor first = heed::full({1, 1}, kStartToken, heed::DType::int64);
  const heed::Tensor fed = heed::cat(std::vector<heed::Tensor>{first, heed::narrow(batch.target, 1, 0, steps - 1)}, 1);
  const heed::Variable logits = network.decoder().forward(fed, state).logits;
  std::vector<heed::Tensor> rows;
  for (int64_t step = 0; step < steps; ++step) {
    const heed::Variable loss =
        heed::cross_entropy(heed::narrow(logits, 1, step, 1), heed::narrow(batch.target, 1, step, 1));
    const heed::Tensor slope = heed::grad({loss}, {embedded}, {.retain_graph = true}).front().value();
    // In float64, because squares of small gradients would underflow in float32.
    const heed::Tensor wide = heed::to(slope, heed::DType::float64);
    rows.push_back(heed::to(heed::sqrt(heed::sum(wide * wide, {2})), slope.dtype()));  // (1, S)
  }
  const heed::Tensor map = heed::cat(rows, 0);
  return model.options().reverse_source ? heed::flip(map, {1}) : map;
}

heed::Tensor rows_of_sum_one(const heed::Tensor& map) {
  const heed::Tensor sums = heed::sum(map, {1}, true);
  return map / heed::where(heed::gt(sums, 0), sums, heed::ones_like(sums));
}

}  // namespace remember
