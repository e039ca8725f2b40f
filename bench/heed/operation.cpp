// A leaf for each input, a function of them, a cotangent.
#include "heed/operation.h"

#include <functional>
#include <map>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/index.h>
#include <heed/autograd/matmul.h>
#include <heed/autograd/norm.h>
#include <heed/autograd/reduce.h>
#include <heed/autograd/softmax.h>
#include <heed/tensor/create.h>

#include "worker/shared_data.h"

namespace heed::bench {
namespace {

class Scalars : public Job {
 public:
  explicit Scalars(int64_t count) : count_(count), x_(scalar(0.5), true) {}
  void run() override {
    x_.zero_grad();
    Variable y = x_;
    for (int64_t i = 0; i < count_; ++i) y = y + x_;
    backward(y);
  }
  double result() const override { return x_.grad().item(); }

 private:
  int64_t count_;
  Variable x_;
};

using Inputs = std::vector<Variable>;

struct Recipe {
  std::vector<Shape> inputs;
  std::function<Variable(const Inputs& inputs, const Tensor& ids)> compute;
};

/// R and C are rows and columns; ids are int64 (R), below 16.
std::map<std::string, Recipe> recipes(int64_t rows, int64_t columns) {
  const Shape matrix = {rows, columns}, row = {columns}, square = {columns, columns};
  return {
      {"add_row", {{matrix, row}, [](const Inputs& x, const Tensor&) { return x[0] + x[1]; }}},
      {"mul", {{matrix, matrix}, [](const Inputs& x, const Tensor&) { return x[0] * x[1]; }}},
      {"tanh", {{matrix}, [](const Inputs& x, const Tensor&) { return tanh(x[0]); }}},
      {"sum_rows", {{matrix}, [](const Inputs& x, const Tensor&) { return sum(x[0], {0}); }}},
      {"softmax", {{matrix}, [](const Inputs& x, const Tensor&) { return softmax(x[0], -1); }}},
      {"layer_norm",
       {{matrix, row, row}, [](const Inputs& x, const Tensor&) { return layer_norm(x[0], 1, x[1], x[2]); }}},
      {"cross_entropy", {{matrix}, [](const Inputs& x, const Tensor& ids) { return cross_entropy(x[0], ids); }}},
      {"linear", {{matrix, square, row}, [](const Inputs& x, const Tensor&) { return linear(x[0], x[1], x[2]); }}},
      {"cat",
       {{matrix, matrix},
        [](const Inputs& x, const Tensor&) {
          return cat({x[0], x[1]}, -1);
        }}},
      {"embedding", {{{16, columns}}, [](const Inputs& x, const Tensor& ids) { return embedding(x[0], ids); }}},
  };
}

class Operation : public Job {
 public:
  Operation(Recipe recipe, int64_t rows) : recipe_(std::move(recipe)) {
    uint64_t seed = 0;
    for (const Shape& shape : recipe_.inputs) {
      inputs_.emplace_back(from_vector(random_values(++seed, shape.numel()), shape), true);
    }
    std::vector<int64_t> ids;
    Random random(1);
    for (int64_t i = 0; i < rows; ++i) ids.push_back(random.below(16));
    ids_ = from_vector(ids, {rows});
    const Shape shape = recipe_.compute(inputs_, ids_).shape();
    cotangent_ = from_vector(random_values(99, shape.numel()), shape);
  }
  void run() override {
    for (Variable& input : inputs_) input.zero_grad();
    backward(recipe_.compute(inputs_, ids_), {.gradient = cotangent_});
  }
  double result() const override { return sum(abs(inputs_[0].grad())).item(); }

 private:
  Recipe recipe_;
  Inputs inputs_;
  Tensor ids_, cotangent_;
};

}  // namespace

std::unique_ptr<Job> make_scalars(const Words& words) {
  if (words[0] != "scalars" || words.size() != 2) return nullptr;
  return std::make_unique<Scalars>(number_of(words[1]));
}

std::unique_ptr<Job> make_operation(const Words& words) {
  if (words[0] != "operation" || words.size() != 4) return nullptr;
  const int64_t rows = number_of(words[2]), columns = number_of(words[3]);
  return std::make_unique<Operation>(recipes(rows, columns).at(words[1]), rows);
}

}  // namespace heed::bench
