// Matrix products and functions of elements.
#include <stdexcept>

#include <heed/tensor/create.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/view.h>

#include "heed/kernel_jobs.h"
#include "kernels/elementwise.h"
#include "worker/shared_data.h"

namespace heed::bench {
namespace {

/// (rows, columns), the numbers of one seed whichever way it lies.
Tensor operand(uint64_t seed, int64_t rows, int64_t columns, bool transposed, DType dtype) {
  const Tensor straight = to(from_vector(random_values(seed, rows * columns), {rows, columns}), dtype);
  return transposed ? transpose(contiguous(transpose(straight, 0, 1)), 0, 1) : straight;
}

class Product : public Job {
 public:
  Product(DType dtype, const std::string& layout, int64_t m, int64_t k, int64_t n)
      : a_(operand(1, m, k, layout.at(0) == 'T', dtype)),
        b_(operand(2, k, n, layout.at(1) == 'T', dtype)),
        c_(empty({m, n}, dtype)) {}
  void run() override { matmul_into(c_, a_, b_); }
  double result() const override { return c_.at({c_.size(0) - 1, c_.size(1) - 1}); }

 private:
  Tensor a_, b_, c_;
};

class Function : public Job {
 public:
  Function(kernels::Unary kernels::ElementwiseKernels::*function, int64_t count)
      : function_(function), x_(random_values(1, count, -4, 4)), y_(x_.size()) {}
  void run() override {
    (kernels::elementwise().*function_).f32(x_.data(), 1, y_.data(), static_cast<int64_t>(x_.size()));
  }
  double result() const override { return y_.back(); }

 private:
  kernels::Unary kernels::ElementwiseKernels::*function_;
  std::vector<float> x_, y_;
};

kernels::Unary kernels::ElementwiseKernels::*function_named(const std::string& name) {
  if (name == "exp") return &kernels::ElementwiseKernels::exp;
  if (name == "tanh") return &kernels::ElementwiseKernels::tanh;
  if (name == "sigmoid") return &kernels::ElementwiseKernels::sigmoid;
  throw std::invalid_argument("no such function: " + name);
}

}  // namespace

std::unique_ptr<Job> make_product(const Words& words) {
  if (words[0] != "product" || words.size() != 6) return nullptr;
  const DType dtype = words[1] == "float64" ? DType::float64 : DType::float32;
  return std::make_unique<Product>(dtype, words[2], number_of(words[3]), number_of(words[4]), number_of(words[5]));
}

std::unique_ptr<Job> make_function(const Words& words) {
  if (words[0] != "function" || words.size() != 3) return nullptr;
  return std::make_unique<Function>(function_named(words[1]), number_of(words[2]));
}

}  // namespace heed::bench
