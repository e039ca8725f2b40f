// Single operations forward and backward.
#include <functional>
#include <map>

#include <torch/nn/functional.h>

#include "peers/torch/kernel_jobs.h"
#include "peers/torch/values.h"

namespace heed::bench {
namespace {

class Scalars : public Job {
 public:
  explicit Scalars(int64_t count) : count_(count), x_(torch::tensor(0.5f).requires_grad_()) {}
  void run() override {
    x_.mutable_grad().reset();
    torch::Tensor y = x_;
    for (int64_t i = 0; i < count_; ++i) y = y + x_;
    y.backward();
  }
  double result() const override { return x_.grad().item<double>(); }

 private:
  int64_t count_;
  torch::Tensor x_;
};

using Tensors = std::vector<torch::Tensor>;

struct Recipe {
  std::vector<std::vector<int64_t>> inputs;
  std::function<torch::Tensor(const Tensors& inputs, const torch::Tensor& ids)> compute;
};

std::map<std::string, Recipe> recipes(int64_t rows, int64_t columns) {
  const std::vector<int64_t> matrix = {rows, columns}, row = {columns}, square = {columns, columns};
  const auto normal = [columns](const Tensors& x, const torch::Tensor&) {
    return torch::layer_norm(x[0], {columns}, x[1], x[2]);
  };
  const auto entropy = [](const Tensors& x, const torch::Tensor& ids) { return torch::cross_entropy_loss(x[0], ids); };
  return {
      {"add_row", {{matrix, row}, [](const Tensors& x, const torch::Tensor&) { return x[0] + x[1]; }}},
      {"mul", {{matrix, matrix}, [](const Tensors& x, const torch::Tensor&) { return x[0] * x[1]; }}},
      {"tanh", {{matrix}, [](const Tensors& x, const torch::Tensor&) { return torch::tanh(x[0]); }}},
      {"sum_rows", {{matrix}, [](const Tensors& x, const torch::Tensor&) { return x[0].sum(0); }}},
      {"softmax", {{matrix}, [](const Tensors& x, const torch::Tensor&) { return torch::softmax(x[0], -1); }}},
      {"layer_norm", {{matrix, row, row}, normal}},
      {"cross_entropy", {{matrix}, entropy}},
      {"linear",
       {{matrix, square, row}, [](const Tensors& x, const torch::Tensor&) { return torch::linear(x[0], x[1], x[2]); }}},
      {"cat",
       {{matrix, matrix},
        [](const Tensors& x, const torch::Tensor&) {
          return torch::cat({x[0], x[1]}, -1);
        }}},
      {"embedding",
       {{{16, columns}}, [](const Tensors& x, const torch::Tensor& ids) { return torch::embedding(x[0], ids); }}},
  };
}

class Operation : public Job {
 public:
  Operation(Recipe recipe, int64_t rows) : recipe_(std::move(recipe)), ids_(torch::empty({rows}, torch::kLong)) {
    uint64_t seed = 0;
    for (const auto& shape : recipe_.inputs) inputs_.push_back(torch_leaf(++seed, shape));
    Random random(1);
    for (int64_t i = 0; i < rows; ++i) ids_.data_ptr<int64_t>()[i] = random.below(16);
    cotangent_ = torch_values(99, recipe_.compute(inputs_, ids_).sizes());
  }
  void run() override {
    for (torch::Tensor& input : inputs_) input.mutable_grad().reset();
    recipe_.compute(inputs_, ids_).backward(cotangent_);
  }
  double result() const override { return inputs_[0].grad().abs().sum().item<double>(); }

 private:
  Recipe recipe_;
  Tensors inputs_;
  torch::Tensor ids_, cotangent_;
};

}  // namespace

std::unique_ptr<Job> make_torch_scalars(const Words& words) {
  if (words[0] != "scalars" || words.size() != 2) return nullptr;
  return std::make_unique<Scalars>(number_of(words[1]));
}

std::unique_ptr<Job> make_torch_operation(const Words& words) {
  if (words[0] != "operation" || words.size() != 4) return nullptr;
  const int64_t rows = number_of(words[2]), columns = number_of(words[3]);
  return std::make_unique<Operation>(recipes(rows, columns).at(words[1]), rows);
}

}  // namespace heed::bench
