// The matrix product against its contract, bit for bit, on every target: an element's terms are added in one order
// whatever the sizes, strides and path.
#include "kernels/gemm.h"

#include "tensor/kernels/naive.h"

namespace heed::kernels::test {
namespace {

bool target_fuses() { return std::string(simd_target_name()) != "scalar" && std::string(simd_target_name()) != "sse4"; }

// The contract of gemm.h, written out. Long products are checked for closeness by another test.
template <class T>
void naive_gemm(const GemmProblem<T>& g) {
  const bool fuses = target_fuses();
  const int64_t block = 256;
  for (int64_t i = 0; i < g.m; ++i) {
    for (int64_t j = 0; j < g.n; ++j) {
      T& c = g.c[i * g.c_row_stride + j];
      if (!g.accumulate) c = g.bias != nullptr ? g.bias[j] : 0;
      for (int64_t start = 0; start < g.k; start += block) {
        T sum = 0;
        for (int64_t p = start; p < std::min(start + block, g.k); ++p) {
          const T a = g.a[i * g.a_row_stride + p * g.a_column_stride];
          const T b = g.b[p * g.b_row_stride + j * g.b_column_stride];
          sum = fuses ? std::fma(a, b, sum) : sum + a * b;
        }
        c = start == 0 && !g.accumulate && g.bias == nullptr ? sum : c + sum;
      }
    }
  }
}

template <class T>
std::vector<T> workspace_for(int64_t m, int64_t n, int64_t k) {
  return std::vector<T>(gemm().get<T>().workspace_bytes(m, n, k) / sizeof(T), std::numeric_limits<T>::quiet_NaN());
}

template <class T>
struct Operands {
  std::vector<T> a, b, c, bias;
  GemmProblem<T> problem;

  // Rows of C are wider than n, so that a write beyond an edge shows. Half of what is not added to C has a bias.
  Operands(int64_t m, int64_t n, int64_t k, bool a_transposed, bool b_transposed, bool accumulate, int64_t gap = 1)
      : a(random_values<T>(m * k * gap + gap, 1)),
        b(random_values<T>(n * k * gap + gap, 2)),
        c(random_values<T>(m * (n + 3), 3)),
        bias(random_values<T>(n + 1, 4)) {
    problem = {.m = m, .n = n, .k = k};
    problem.a = a.data();
    problem.b = b.data();
    problem.c = c.data();
    problem.a_row_stride = a_transposed ? gap : k * gap;
    problem.a_column_stride = a_transposed ? m * gap : gap;
    problem.b_row_stride = b_transposed ? gap : n * gap;
    problem.b_column_stride = b_transposed ? k * gap : gap;
    problem.c_row_stride = n + 3;
    problem.accumulate = accumulate;
    if (!accumulate && (m + n + k) % 2 == 0) problem.bias = bias.data();
  }
};

template <class T>
void check_against_naive(Operands<T> operands) {
  GemmProblem<T> g = operands.problem;
  g.a = operands.a.data(), g.b = operands.b.data();
  if (g.bias != nullptr) g.bias = operands.bias.data();
  const std::vector<T> start = operands.c;
  std::vector<T> want = start, got = start, packed_got = start;
  std::vector<T> workspace = workspace_for<T>(g.m, g.n, g.k);
  g.c = want.data();
  naive_gemm(g);
  g.c = got.data();
  gemm().get<T>().multiply(g, workspace.data());
  std::vector<T> packed(gemm().get<T>().packed_bytes(g.n, g.k) / sizeof(T));
  gemm().get<T>().pack_b(g.n, g.k, g.b, g.b_row_stride, g.b_column_stride, packed.data());
  g.c = packed_got.data();
  g.b = nullptr;
  gemm().get<T>().multiply_packed(g, packed.data(), workspace.data());
  INFO("m " << g.m << ", n " << g.n << ", k " << g.k << ", strides " << g.a_row_stride << ' ' << g.a_column_stride
            << ", " << g.b_row_stride << ' ' << g.b_column_stride << ", accumulate " << g.accumulate << ", bias "
            << (g.bias != nullptr));
  CHECK(same_bits(got, want));
  CHECK(same_bits(packed_got, want));
}

template <class T>
void check_sizes() {
  for (const int64_t m : {0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 25}) {
    for (const int64_t n : {0, 1, 2, 3, 5, 8, 9, 16, 17, 31, 33, 65}) {
      for (const int64_t k : {0, 1, 2, 5, 9}) {
        for (int bits = 0; bits < 8; ++bits) {
          check_against_naive(Operands<T>(m, n, k, bits & 1, bits & 2, bits & 4));
        }
      }
    }
  }
}

template <class T>
void check_large_sizes() {
  const int64_t sizes[][3] = {{1, 40, 300},   {7, 300, 513},  {40, 1, 257}, {200, 33, 300},
                              {30, 280, 260}, {201, 2100, 3}, {2100, 3, 17}};
  for (const auto& [m, n, k] : sizes) {
    for (int bits = 0; bits < 4; ++bits) check_against_naive(Operands<T>(m, n, k, bits & 1, bits & 2, bits == 3));
  }
  check_against_naive(Operands<T>(13, 37, 29, false, true, true, 2));
  check_against_naive(Operands<T>(37, 13, 29, true, false, false, 3));
}

// One row has the same bits alone as among others, and one column range the same as the whole.
template <class T>
void check_invariance(bool a_transposed, bool b_transposed) {
  const int64_t m = 29, n = 70, k = 301;
  Operands<T> all(m, n, k, a_transposed, b_transposed, false);
  std::vector<T> workspace = workspace_for<T>(m, n, k);
  all.problem.c = all.c.data();
  gemm().get<T>().multiply(all.problem, workspace.data());
  for (const int64_t rows : {1, 2, 5, 12}) {
    for (const int64_t columns : {1, 4, 15, 32, 70}) {
      const int64_t row = m - rows, column = n - columns;
      std::vector<T> part(rows * columns);
      GemmProblem<T> g = all.problem;
      g.m = rows, g.n = columns;
      g.a += row * g.a_row_stride;
      g.b += column * g.b_column_stride;
      g.bias += g.bias == nullptr ? 0 : column;
      g.c = part.data(), g.c_row_stride = columns;
      gemm().get<T>().multiply(g, workspace.data());
      bool same = true;
      for (int64_t i = 0; i < rows; ++i) {
        for (int64_t j = 0; j < columns; ++j) {
          same = same && same_bits(part[i * columns + j], all.c[(row + i) * (n + 3) + column + j]);
        }
      }
      INFO("the last " << rows << " rows and " << columns << " columns alone");
      CHECK(same);
    }
  }
}

template <class T>
void check_packed_columns() {
  const int64_t m = 9, n = 100, k = 40;
  Operands<T> all(m, n, k, false, true, false);
  std::vector<T> workspace = workspace_for<T>(m, n, k), part = all.c;
  gemm().get<T>().multiply(all.problem, workspace.data());
  std::vector<T> packed(gemm().get<T>().packed_bytes(n, k) / sizeof(T));
  gemm().get<T>().pack_b(n, k, all.b.data(), all.problem.b_row_stride, all.problem.b_column_stride, packed.data());
  const int64_t start = 2 * gemm().get<T>().column_tile;
  GemmProblem<T> g = all.problem;
  for (const int64_t from : {int64_t{0}, start}) {
    g.c = part.data() + from;
    g.n = from == 0 ? start : n - start;
    gemm().get<T>().multiply_packed(g, packed.data() + from * k, workspace.data());
  }
  CHECK(same_bits(part, all.c));
}

}  // namespace

TEMPLATE_TEST_CASE("a matrix product has the bits of its contract at every size and stride", "", float, double) {
  on_every_target([] {
    check_sizes<TestType>();
    check_large_sizes<TestType>();
  });
}

TEMPLATE_TEST_CASE("rows and columns of a product have the same bits alone", "", float, double) {
  on_every_target([] {
    for (int bits = 0; bits < 4; ++bits) check_invariance<TestType>(bits & 1, bits & 2);
    check_packed_columns<TestType>();
  });
}

TEMPLATE_TEST_CASE("a broadcast operand has stride 0", "", float, double) {
  on_every_target([] {
    Operands<TestType> operands(5, 40, 30, false, false, false);
    operands.problem.b_row_stride = 0;
    check_against_naive(operands);
    operands.problem.b_column_stride = 0;
    check_against_naive(operands);
    operands.problem.a_row_stride = 0;
    check_against_naive(operands);
  });
}

TEMPLATE_TEST_CASE("the workspace of a product is bounded", "", float, double) {
  CHECK(gemm().get<TestType>().workspace_bytes(1 << 20, 1 << 20, 1 << 20) <= size_t{4} << 20);
  CHECK(gemm().get<TestType>().workspace_bytes(0, 0, 0) == 0);
}

}  // namespace heed::kernels::test
