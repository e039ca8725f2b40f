// Borrowed memory: who holds it, when it is given back, what is refused; and that operations need no alignment of it.
#include <heed/tensor/blob.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <heed/autograd/backward.h>
#include <heed/autograd/elementwise.h>
#include <heed/autograd/reduce.h>
#include <heed/nn/attention/multihead_attention.h>
#include <heed/nn/core/init.h>
#include <heed/nn/core/layer_norm.h>
#include <heed/nn/optim/adam.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/matmul.h>
#include <heed/tensor/overlap.h>
#include <heed/tensor/random.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/softmax.h>

#include "support/reference.h"

namespace heed::test {
namespace {

/// Copies of tensors, each in memory that begins `offset` elements behind a multiple of 64 bytes.
class Elsewhere {
 public:
  explicit Elsewhere(int64_t offset) : offset_(offset) {}
  Tensor operator()(const Tensor& x) const {
    const auto count = static_cast<size_t>(x.numel());
    auto* const memory = static_cast<float*>(std::aligned_alloc(64, (4 * (count + 16) + 63) / 64 * 64));
    const Tensor rows = contiguous(x);
    std::copy_n(rows.data<float>(), count, memory + offset_);
    return from_blob(memory + offset_, x.shape(), [memory](void*) { std::free(memory); });
  }

 private:
  int64_t offset_;
};

void move_parameters(Module& module, const Elsewhere& elsewhere) {
  for (auto& [name, parameter] : module.named_parameters()) {
    Variable handle = parameter;
    handle.set_value(elsewhere(parameter.value()));
  }
}

}  // namespace

TEST_CASE("from_blob sees memory that others read and write") {
  std::vector<double> values = {1, 2, 3, 4, 5, 6};
  Tensor x = from_blob(values.data(), {2, 3});
  CHECK(x.dtype() == DType::float64);
  CHECK(x.at({1, 0}) == 4);
  values[3] = 40;
  CHECK(x.at({1, 0}) == 40);
  fill_(x, 7);
  CHECK(values == std::vector<double>(6, 7));
  const Tensor columns = from_blob(values.data(), {3, 2}, {1, 3});
  CHECK(columns.strides() == Strides{1, 3});
  CHECK(from_blob(static_cast<void*>(values.data()), {1}, nullptr, DType::int64).dtype() == DType::int64);
}

TEST_CASE("the deleter runs once, when the last handle goes, on the thread that drops it") {
  std::atomic<int> calls = 0;
  std::thread::id where;
  void* given = nullptr;
  float value = 3;
  {
    Tensor x = from_blob(&value, {1}, [&](void* pointer) {
      ++calls;
      given = pointer;
      where = std::this_thread::get_id();
    });
    Tensor view = reshape(x, {1, 1});
    const Tensor copy = clone(x);
    x = Tensor();
    CHECK(calls == 0);
    std::thread::id other;
    std::thread([&other, handle = std::move(view)]() mutable {
      other = std::this_thread::get_id();
      handle = Tensor();
    }).join();
    CHECK(calls == 1);
    CHECK(where == other);
    CHECK(copy.item() == 3);
  }
  CHECK(calls == 1);
  CHECK(given == &value);
}

TEST_CASE("handles that many threads drop at once call the deleter once") {
  float value = 1;
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> calls = 0;
    {
      std::vector<std::thread> threads;
      Tensor x = from_blob(&value, {1}, [&calls](void*) { ++calls; });
      for (int i = 0; i < 4; ++i) {
        threads.emplace_back([handle = x]() mutable { handle = Tensor(); });
      }
      x = Tensor();
      for (std::thread& thread : threads) {
        thread.join();
      }
    }
    REQUIRE(calls == 1);
  }
}

TEST_CASE("memory that its owner calls read-only is not written, by any operation") {
  const std::vector<float> values = {1, 2, 3};
  Tensor x = from_blob(values.data(), {3});
  const std::string rule = ": cannot write to read-only memory; clone() gives a copy that can";
  CHECK(message_of<ValueError>([&] { fill_(x, 0); }) == "fill_" + rule);
  CHECK(message_of<ValueError>([&] { copy_(x, ones({3})); }) == "copy_" + rule);
  CHECK(message_of<ValueError>([&] { add_(x, ones({3})); }) == "add_" + rule);
  CHECK(message_of<ValueError>([&] { x.mutable_data<float>(); }) == "mutable_data" + rule);
  Tensor view = narrow(x, 0, 1, 2);
  CHECK(message_of<ValueError>([&] { fill_(view, 0); }) == "fill_" + rule);
  CHECK(values == std::vector<float>{1, 2, 3});
  Tensor copy = clone(x);
  fill_(copy, 9);
  CHECK(values[0] == 1);

  Variable parameter(x, true);
  CHECK(message_of<ValueError>([&] { constant_(parameter, 0); }) == "constant_" + rule);
  Adam optimizer({{"table", parameter}}, {.lr = 1});
  backward(sum(parameter));
  CHECK(message_of<ValueError>([&] { optimizer.step(); }) ==
        "Adam: cannot write to the parameter 'table', read-only memory");
  CHECK(values == std::vector<float>{1, 2, 3});
}

TEST_CASE("a gradient in borrowed memory is not accumulated into in place") {
  std::vector<float> mine = {1, 1};
  Variable x(zeros({2}), true);
  x.set_grad(from_blob(mine.data(), {2}));
  backward(sum(x));
  CHECK(x.grad().to_vector<float>() == std::vector<float>{2, 2});
  CHECK(mine == std::vector<float>{1, 1});
}

TEST_CASE("tensors on the same borrowed memory are known to share it") {
  std::vector<float> values = {1, 2, 3, 4, 5};
  Tensor low = from_blob(values.data(), {4});
  const Tensor high = from_blob(values.data() + 1, {4});
  CHECK(shares_memory(low, high));
  CHECK_FALSE(shares_memory(from_blob(values.data(), {2}), from_blob(values.data() + 2, {2})));
  CHECK_FALSE(shares_memory(from_blob(values.data(), {2}, {2}), from_blob(values.data() + 1, {2}, {2})));
  copy_(low, high);  // as if it had been copied first
  CHECK(values == std::vector<float>{2, 3, 4, 5, 5});
  const Tensor own = zeros({3});
  CHECK(shares_memory(own, from_blob(own.data<float>() + 2, {1})));
  CHECK(detail::Storages(std::vector<const Tensor*>{&low}).hold(high));
  CHECK_FALSE(detail::Storages(std::vector<const Tensor*>{&low}).hold(own));
}

TEST_CASE("from_blob refuses what no tensor can be, and calls no deleter then") {
  std::array<unsigned char, 4> bytes = {0, 1, 255, 2};
  CHECK(message_of<ValueError>([&] { from_blob(static_cast<void*>(bytes.data()), {4}, nullptr, DType::boolean); }) ==
        "from_blob: a bool must be a byte of 0 or 1, got 255");
  CHECK_NOTHROW(from_blob(static_cast<void*>(bytes.data()), {2}, nullptr, DType::boolean));
  std::vector<float> values(8);
  int calls = 0;
  const BlobDeleter count = [&calls](void*) { ++calls; };
  float* const data = values.data();
  float* const nothing = nullptr;
  CHECK(message_of<ValueError>([&] { from_blob(nothing, {2}, count); }) ==
        "from_blob: the pointer must not be null for shape (2,)");
  CHECK(message_of<ShapeError>([&] {
          from_blob(data, {2, -1}, count);
        }) == "from_blob: sizes must not be negative, got (2, -1)");
  CHECK(message_of<ShapeError>([&] {
          from_blob(data, {2, -1}, {1, 1}, count);
        }) == "from_blob: sizes must not be negative, got (2, -1)");
  CHECK(message_of<ShapeError>([&] { from_blob(data, {2}, {-1}, count); }) ==
        "from_blob: strides must not be negative, got (-1,)");
  CHECK(message_of<ShapeError>([&] {
          from_blob(data, {2, 2}, {1}, count);
        }) == "from_blob: needs one stride per axis, got shape (2, 2) and strides (1,)");
  CHECK(message_of<ValueError>([&] {
          from_blob(data, {2, 2}, {1, 1}, count);
        }) == "from_blob: elements must not share memory, got strides (1, 1) for shape (2, 2)");
  CHECK(message_of<ValueError>([&] {
          from_blob(data, {3, 2}, {0, 1}, count);
        }) == "from_blob: elements must not share memory, got strides (0, 1) for shape (3, 2)");
  constexpr int64_t kLarge = std::numeric_limits<int64_t>::max() / 2;
  CHECK_THROWS_AS(from_blob(data, {2, 4}, {kLarge, kLarge}, count), ShapeError);
  CHECK_THROWS_AS(from_blob(data, {kLarge, 8}, count), ShapeError);
  auto* const odd = reinterpret_cast<char*>(data) + 2;
  CHECK(message_of<ValueError>([&] { from_blob(static_cast<void*>(odd), {1}, count, DType::float32); }) ==
        "from_blob: the pointer must be a multiple of 4 bytes, as float32 needs");
  CHECK(calls == 0);
  CHECK(from_blob(nothing, {0, 3}, count).numel() == 0);
  CHECK(calls == 1);
}

TEST_CASE("operations give the same bits of memory with any alignment") {
  const Tensor a = random_tensor({7, 33}, 1), b = random_tensor({33, 19}, 2);
  const Tensor products = matmul(a, b), weights = softmax(a, 1), sums = sum(a, {0}), curve = tanh(a);
  for (const int64_t offset : {1, 2, 3, 5, 7, 13}) {
    CAPTURE(offset);
    const Elsewhere elsewhere(offset);
    const Tensor x = elsewhere(a), y = elsewhere(b);
    CHECK(same_bits(matmul(x, y), products));
    CHECK(same_bits(matmul(transpose(y, 0, 1), transpose(x, 0, 1)), transpose(products, 0, 1)));
    CHECK(same_bits(softmax(x, 1), weights));
    CHECK(same_bits(sum(x, {0}), sums));
    CHECK(same_bits(tanh(x), curve));
    Tensor out = elsewhere(products);
    matmul_into(out, x, y);
    CHECK(same_bits(out, products));
  }
}

TEST_CASE("layers train with parameters and inputs in memory with any alignment") {
  const auto train = [](const Elsewhere* elsewhere) {
    seed_default_generator(3);
    LSTM lstm(5, 6);
    LayerNorm norm(6);
    MultiheadAttention attention(6, 2);
    Tensor x = random_tensor({3, 4, 5}, 4);
    if (elsewhere != nullptr) {
      for (Module* module : std::vector<Module*>{&lstm, &norm, &attention}) {
        move_parameters(*module, *elsewhere);
      }
      x = (*elsewhere)(x);
    }
    std::vector<Variable> parameters = lstm.parameters();
    for (const Module* module : std::vector<const Module*>{&norm, &attention}) {
      const auto more = module->parameters();
      parameters.insert(parameters.end(), more.begin(), more.end());
    }
    Adam optimizer(parameters, {.lr = 0.1});
    for (int step = 0; step < 3; ++step) {
      const Variable states = norm.forward(lstm.forward(x).output);
      optimizer.zero_grad();
      const Variable read = attention.forward(states, states, states).output;
      backward(mean(read * read));
      optimizer.step();
    }
    std::vector<Tensor> result;
    for (const Variable& parameter : parameters) {
      result.push_back(clone(parameter.value()));
    }
    return result;
  };
  const std::vector<Tensor> expected = train(nullptr);
  for (const int64_t offset : {1, 3, 11}) {
    CAPTURE(offset);
    const Elsewhere elsewhere(offset);
    const std::vector<Tensor> got = train(&elsewhere);
    for (size_t i = 0; i < expected.size(); ++i) {
      CHECK(same_bits(got[i], expected[i]));
    }
  }
}

}  // namespace heed::test
