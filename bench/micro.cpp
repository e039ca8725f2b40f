// Speed of the kernels alone, one thread: matrix products as a share of the machine's measured multiply-add rate, and
// element-wise functions, softmax and recurrent steps in elements a second. HEED_SIMD chooses the target.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "fma_rate.h"
#include "kernels/elementwise.h"
#include "kernels/gemm.h"
#include "kernels/norm.h"
#include "kernels/reduce.h"
#include "kernels/rnn.h"
#include "kernels/simd.h"
#include "kernels/softmax.h"

namespace {

using namespace heed::kernels;

std::vector<float> random_values(int64_t n, float low = -1, float high = 1) {
  std::mt19937 generator(1);
  std::uniform_real_distribution<float> uniform(low, high);
  std::vector<float> values(static_cast<size_t>(n));
  for (float& value : values) value = uniform(generator);
  return values;
}

// 64-byte aligned floats.
struct Buffer {
  explicit Buffer(size_t bytes) : data(static_cast<float*>(std::aligned_alloc(64, (bytes + 127) / 64 * 64))) {}
  struct Free {
    void operator()(float* pointer) const { std::free(pointer); }
  };
  std::unique_ptr<float, Free> data;
};

double measured_rate() {
  static const double rate = heed::bench::fma_rate();
  return rate;
}

enum class Path { nn, nt, tn, tt, packed };

// (m, k, n): C (m, n) = A (m, k) B (k, n); n or t says whether an operand is stored transposed.
void run_gemm(benchmark::State& state, Path path) {
  const int64_t m = state.range(0), k = state.range(1), n = state.range(2);
  const std::vector<float> a = random_values(m * k), b = random_values(k * n);
  std::vector<float> c(m * n);
  Buffer packed(gemm().get<float>().packed_bytes(n, k)), workspace(gemm().get<float>().workspace_bytes(m, n, k));
  const bool a_transposed = path == Path::tn || path == Path::tt, b_transposed = path == Path::nt || path == Path::tt;
  GemmProblem<float> problem{.m = m, .n = n, .k = k};
  problem.a = a.data(), problem.b = b.data(), problem.c = c.data();
  problem.a_row_stride = a_transposed ? 1 : k;
  problem.a_column_stride = a_transposed ? m : 1;
  problem.b_row_stride = b_transposed ? 1 : n;
  problem.b_column_stride = b_transposed ? k : 1;
  problem.c_row_stride = n;
  gemm().get<float>().pack_b(n, k, b.data(), problem.b_row_stride, problem.b_column_stride, packed.data.get());
  for (auto _ : state) {
    if (path == Path::packed) {
      gemm().get<float>().multiply_packed(problem, packed.data.get(), workspace.data.get());
    } else {
      gemm().get<float>().multiply(problem, workspace.data.get());
    }
    benchmark::ClobberMemory();
  }
  const double operations = 2.0 * static_cast<double>(m * n * k);
  state.counters["GFLOP/s"] = benchmark::Counter(operations * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["of_rate"] =
      benchmark::Counter(operations / measured_rate(), benchmark::Counter::kIsIterationInvariantRate);
}

void gemm_sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Args({32, 128, 512})->Args({64, 256, 1024})->Args({64, 512, 2048})->Args({512, 512, 512});
  benchmark->Args({1024, 1024, 1024})->Args({1, 256, 1024})->Args({3200, 256, 1})->Args({50, 64, 50});
}
BENCHMARK_CAPTURE(run_gemm, nn, Path::nn)->Apply(gemm_sizes);
BENCHMARK_CAPTURE(run_gemm, nt, Path::nt)->Apply(gemm_sizes);
BENCHMARK_CAPTURE(run_gemm, tn, Path::tn)->Apply(gemm_sizes);
BENCHMARK_CAPTURE(run_gemm, tt, Path::tt)->Apply(gemm_sizes);
BENCHMARK_CAPTURE(run_gemm, packed, Path::packed)->Apply(gemm_sizes);

void count_elements(benchmark::State& state, int64_t elements) {
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * elements);
}

void run_unary(benchmark::State& state, Unary ElementwiseKernels::*kernel) {
  const int64_t n = 4096;
  const std::vector<float> x = random_values(n, 0, 8);
  std::vector<float> y(n);
  for (auto _ : state) {
    (elementwise().*kernel).f32(x.data(), 1, y.data(), n);
    benchmark::ClobberMemory();
  }
  count_elements(state, n);
}
BENCHMARK_CAPTURE(run_unary, exp, &ElementwiseKernels::exp);
BENCHMARK_CAPTURE(run_unary, log, &ElementwiseKernels::log);
BENCHMARK_CAPTURE(run_unary, tanh, &ElementwiseKernels::tanh);
BENCHMARK_CAPTURE(run_unary, sigmoid, &ElementwiseKernels::sigmoid);
BENCHMARK_CAPTURE(run_unary, erf, &ElementwiseKernels::erf);
BENCHMARK_CAPTURE(run_unary, sin, &ElementwiseKernels::sin);
BENCHMARK_CAPTURE(run_unary, sqrt, &ElementwiseKernels::sqrt);

void run_softmax(benchmark::State& state) {
  const int64_t n = state.range(0);
  const std::vector<float> x = random_values(n, -5, 5);
  std::vector<float> y(n);
  for (auto _ : state) {
    softmax().get<float>().softmax(x.data(), nullptr, y.data(), n);
    benchmark::ClobberMemory();
  }
  count_elements(state, n);
}
BENCHMARK(run_softmax)->Arg(16)->Arg(64)->Arg(1024);

void run_sum(benchmark::State& state) {
  const int64_t n = state.range(0);
  const std::vector<float> x = random_values(n);
  for (auto _ : state) benchmark::DoNotOptimize(reduce().get<float>().sum(x.data(), 1, n));
  count_elements(state, n);
}
BENCHMARK(run_sum)->Arg(64)->Arg(4096);

void run_layer_norm(benchmark::State& state) {
  const int64_t n = state.range(0);
  const std::vector<float> x = random_values(n);
  std::vector<float> y(n);
  float mean = 0, rstd = 0;
  for (auto _ : state) {
    norm().get<float>().layer_norm(x.data(), x.data(), x.data(), 1e-5f, y.data(), &mean, &rstd, n);
    benchmark::ClobberMemory();
  }
  count_elements(state, n);
}
BENCHMARK(run_layer_norm)->Arg(64)->Arg(1024);

void run_rms_norm(benchmark::State& state) {
  const int64_t n = state.range(0);
  const std::vector<float> x = random_values(n);
  std::vector<float> y(n);
  float r = 0;
  for (auto _ : state) {
    norm().get<float>().rms_norm(x.data(), x.data(), 1e-5f, y.data(), &r, n);
    benchmark::ClobberMemory();
  }
  count_elements(state, n);
}
BENCHMARK(run_rms_norm)->Arg(64)->Arg(1024);

// One LSTM step of (B, H): elements are B * H.
void run_lstm(benchmark::State& state) {
  const int64_t batch = state.range(0), hidden = state.range(1);
  std::vector<float> gates = random_values(batch * 4 * hidden), c = random_values(batch * hidden);
  std::vector<float> tanh_c(c.size()), h(c.size()), output(c.size());
  for (auto _ : state) {
    rnn().get<float>().lstm({.range = {batch, hidden},
                             .gates = {gates.data(), 4 * hidden},
                             .c_prev = {c.data(), hidden},
                             .h_prev = {h.data(), hidden},
                             .c = {c.data(), hidden},
                             .tanh_c = {tanh_c.data(), hidden},
                             .h = {h.data(), hidden},
                             .output = {output.data(), hidden}});
    benchmark::ClobberMemory();
  }
  count_elements(state, batch * hidden);
}
BENCHMARK(run_lstm)->Args({32, 128})->Args({64, 256});

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::AddCustomContext("simd_target", simd_target_name());
  benchmark::AddCustomContext("measured_gflops_per_second", std::to_string(measured_rate() * 1e-9));
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
