// Functions of elements, one LSTM layer and attention.
#include <cmath>
#include <stdexcept>

#include <torch/utils.h>

#include "peers/torch/kernel_jobs.h"
#include "peers/torch/values.h"

namespace heed::bench {
namespace {

double sum_of_magnitudes(const torch::Tensor& x) { return x.abs().sum().item<double>(); }

class Function : public Job {
 public:
  Function(const std::string& name, int64_t count) : name_(name), x_(torch_values(1, {count}, 4)), y_(x_.clone()) {}
  void run() override {
    const torch::NoGradGuard guard;
    if (name_ == "exp") {
      torch::exp_out(y_, x_);
    } else if (name_ == "tanh") {
      torch::tanh_out(y_, x_);
    } else if (name_ == "sigmoid") {
      torch::sigmoid_out(y_, x_);
    } else {
      throw std::invalid_argument("no such function: " + name_);
    }
  }
  double result() const override { return y_[-1].item<double>(); }

 private:
  std::string name_;
  torch::Tensor x_, y_;
};

class LSTMLayer : public Job {
 public:
  LSTMLayer(int64_t steps, int64_t batch, int64_t hidden)
      : x_(torch_leaf(1, {steps, batch, hidden})),
        weights_{torch_leaf(2, {4 * hidden, hidden}, 0.1f), torch_leaf(3, {4 * hidden, hidden}, 0.1f),
                 torch_leaf(4, {4 * hidden}, 0.1f), torch_leaf(5, {4 * hidden}, 0.1f)},
        start_(torch::zeros({1, batch, hidden})),
        cotangent_(torch_values(6, {steps, batch, hidden})) {}
  void run() override {
    x_.mutable_grad().reset();
    for (torch::Tensor& weight : weights_) weight.mutable_grad().reset();
    std::get<0>(torch::lstm(x_, {start_, start_}, weights_, true, 1, 0, true, false, false)).backward(cotangent_);
  }
  double result() const override { return sum_of_magnitudes(weights_[1].grad()); }

 private:
  torch::Tensor x_;
  std::vector<torch::Tensor> weights_;
  torch::Tensor start_, cotangent_;
};

class AttentionJob : public Job {
 public:
  AttentionJob(int64_t length, bool with_gradient)
      : with_gradient_(with_gradient),
        inputs_{torch_values(1, {8, length, 64}), torch_values(2, {8, length, 64}), torch_values(3, {8, length, 64})} {
    for (torch::Tensor& input : inputs_) input.requires_grad_(with_gradient);
    if (with_gradient) cotangent_ = torch_values(4, {8, length, 64});
  }
  void run() override {
    for (torch::Tensor& input : inputs_) input.mutable_grad().reset();
    const torch::AutoGradMode mode(with_gradient_);
    const torch::Tensor scores = torch::bmm(inputs_[0] * (1 / std::sqrt(64.0)), inputs_[1].transpose(1, 2));
    const torch::Tensor output = torch::bmm(torch::softmax(scores, -1), inputs_[2]);
    output_ = output.detach();
    if (with_gradient_) output.backward(cotangent_);
  }
  double result() const override { return sum_of_magnitudes(with_gradient_ ? inputs_[0].grad() : output_); }
  int64_t kept_bytes() const override { return (with_gradient_ ? 4 : 1) * inputs_[0].numel() * 4; }

 private:
  bool with_gradient_;
  std::vector<torch::Tensor> inputs_;
  torch::Tensor cotangent_, output_;
};

}  // namespace

std::unique_ptr<Job> make_torch_function(const Words& words) {
  if (words[0] != "function" || words.size() != 3) return nullptr;
  return std::make_unique<Function>(words[1], number_of(words[2]));
}

std::unique_ptr<Job> make_torch_lstm(const Words& words) {
  if (words[0] != "lstm" || words.size() != 4) return nullptr;
  return std::make_unique<LSTMLayer>(number_of(words[1]), number_of(words[2]), number_of(words[3]));
}

std::unique_ptr<Job> make_torch_attention(const Words& words) {
  if (words[0] != "attention" || words.size() != 3) return nullptr;
  return std::make_unique<AttentionJob>(number_of(words[1]), words[2] == "backward");
}

}  // namespace heed::bench
