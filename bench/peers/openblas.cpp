// openblas_worker: OpenBLAS's matrix products.
#include <cblas.h>

#include "worker/serve.h"
#include "worker/shared_data.h"

namespace heed::bench {
namespace {

/// Row-major (rows, columns), the numbers of one seed whichever way it lies.
template <class T>
std::vector<T> operand(uint64_t seed, int64_t rows, int64_t columns, bool transposed) {
  const std::vector<float> values = random_values(seed, rows * columns);
  std::vector<T> lying(values.size());
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) {
      lying[static_cast<size_t>(transposed ? c * rows + r : r * columns + c)] =
          values[static_cast<size_t>(r * columns + c)];
    }
  }
  return lying;
}

template <class T>
class Product : public Job {
 public:
  Product(const std::string& layout, int64_t m, int64_t k, int64_t n)
      : m_(static_cast<blasint>(m)),
        k_(static_cast<blasint>(k)),
        n_(static_cast<blasint>(n)),
        a_transposed_(layout.at(0) == 'T'),
        b_transposed_(layout.at(1) == 'T'),
        a_(operand<T>(1, m, k, a_transposed_)),
        b_(operand<T>(2, k, n, b_transposed_)),
        c_(static_cast<size_t>(m * n)) {}
  void run() override;
  double result() const override { return static_cast<double>(c_.back()); }

 private:
  blasint m_, k_, n_;
  bool a_transposed_, b_transposed_;
  std::vector<T> a_, b_, c_;
};

template <>
void Product<float>::run() {
  cblas_sgemm(CblasRowMajor, a_transposed_ ? CblasTrans : CblasNoTrans, b_transposed_ ? CblasTrans : CblasNoTrans, m_,
              n_, k_, 1, a_.data(), a_transposed_ ? m_ : k_, b_.data(), b_transposed_ ? k_ : n_, 0, c_.data(), n_);
}

template <>
void Product<double>::run() {
  cblas_dgemm(CblasRowMajor, a_transposed_ ? CblasTrans : CblasNoTrans, b_transposed_ ? CblasTrans : CblasNoTrans, m_,
              n_, k_, 1, a_.data(), a_transposed_ ? m_ : k_, b_.data(), b_transposed_ ? k_ : n_, 0, c_.data(), n_);
}

std::unique_ptr<Job> make_product(const Words& words) {
  if (words[0] != "product" || words.size() != 6) return nullptr;
  const int64_t m = number_of(words[3]), k = number_of(words[4]), n = number_of(words[5]);
  if (words[1] == "float64") return std::make_unique<Product<double>>(words[2], m, k, n);
  return std::make_unique<Product<float>>(words[2], m, k, n);
}

}  // namespace
}  // namespace heed::bench

int main(int argc, char** argv) { return heed::bench::serve(argc, argv, {heed::bench::make_product}); }
