// One LSTM layer, and attention, forward and backward.
#include <heed/autograd/attention.h>
#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/rnn.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/reduce.h>

#include "heed/kernel_jobs.h"
#include "worker/shared_data.h"

namespace heed::bench {
namespace {

Tensor values(uint64_t seed, const Shape& shape, float bound = 1) {
  return from_vector(random_values(seed, shape.numel(), -bound, bound), shape);
}

Variable leaf(uint64_t seed, const Shape& shape, float bound = 1) { return Variable(values(seed, shape, bound), true); }

double sum_of_magnitudes(const Tensor& x) { return sum(abs(x)).item(); }

class LSTMLayer : public Job {
 public:
  LSTMLayer(int64_t steps, int64_t batch, int64_t hidden)
      : x_(leaf(1, {steps, batch, hidden})),
        weights_{leaf(2, {4 * hidden, hidden}, 0.1f), leaf(3, {4 * hidden, hidden}, 0.1f), leaf(4, {4 * hidden}, 0.1f),
                 leaf(5, {4 * hidden}, 0.1f)},
        cotangent_(values(6, {steps, batch, hidden})) {}

  void run() override {
    for (Variable* variable : {&x_, &weights_.w_ih, &weights_.w_hh, &weights_.b_ih, &weights_.b_hh}) {
      variable->zero_grad();
    }
    Variable gate_inputs = linear(x_, weights_.w_ih, weights_.b_ih + weights_.b_hh);
    backward(lstm(std::move(gate_inputs), Variable(), Variable(), weights_.w_hh).output, {.gradient = cotangent_});
  }
  double result() const override { return sum_of_magnitudes(weights_.w_hh.grad()); }

 private:
  Variable x_;
  struct {
    Variable w_ih, w_hh, b_ih, b_hh;
  } weights_;
  Tensor cotangent_;
};

class AttentionJob : public Job {
 public:
  AttentionJob(int64_t length, bool with_gradient)
      : with_gradient_(with_gradient),
        query_(values(1, shape(length)), with_gradient),
        key_(values(2, shape(length)), with_gradient),
        value_(values(3, shape(length)), with_gradient),
        cotangent_(with_gradient ? values(4, shape(length)) : Tensor()) {}

  void run() override {
    for (Variable* variable : {&query_, &key_, &value_}) variable->zero_grad();
    const Variable output =
        scaled_dot_product_attention(query_, key_, value_, Tensor(), {.need_weights = false}).output;
    output_ = output.value();
    if (with_gradient_) backward(output, {.gradient = cotangent_});
  }
  double result() const override { return sum_of_magnitudes(with_gradient_ ? query_.grad() : output_); }
  int64_t kept_bytes() const override { return (with_gradient_ ? 4 : 1) * query_.numel() * 4; }

 private:
  static Shape shape(int64_t length) { return {1, 8, length, 64}; }
  bool with_gradient_;
  Variable query_, key_, value_;
  Tensor cotangent_, output_;
};

}  // namespace

std::unique_ptr<Job> make_lstm(const Words& words) {
  if (words[0] != "lstm" || words.size() != 4) return nullptr;
  return std::make_unique<LSTMLayer>(number_of(words[1]), number_of(words[2]), number_of(words[3]));
}

std::unique_ptr<Job> make_attention(const Words& words) {
  if (words[0] != "attention" || words.size() != 3) return nullptr;
  return std::make_unique<AttentionJob>(number_of(words[1]), words[2] == "backward");
}

}  // namespace heed::bench
