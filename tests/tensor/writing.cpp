// Operations that write into a tensor give what NumPy gives when the source overlaps it, and refuse a broadcast view.
#include <heed/tensor/overlap.h>

#include <functional>
#include <string>

#include <heed/tensor/detail/optimizer_update.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/matmul.h>

#include "support/reference.h"

namespace heed::test {
namespace {

Tensor counted(const Shape& shape, DType dtype = DType::float32) {
  return reshape(arange(0, static_cast<double>(shape.numel()), 1, dtype), shape);
}

/// A view of 12 × 12 elements: rows and columns from random places, with random steps, transposed or not.
Tensor random_view(const Tensor& whole, int64_t rows, int64_t columns, std::mt19937& engine) {
  const auto cut = [&engine](const Tensor& x, int64_t dim, int64_t size) {
    const auto step = static_cast<int64_t>(1 + engine() % 2);
    const auto start = static_cast<int64_t>(engine() % static_cast<uint64_t>(x.size(dim) - (size - 1) * step));
    return slice(x, dim, start, start + (size - 1) * step + 1, step);
  };
  const bool turned = engine() % 2 == 0;
  const Tensor part = cut(cut(whole, 0, turned ? columns : rows), 1, turned ? rows : columns);
  return turned ? transpose(part, 0, 1) : part;
}

/// write(out, source) of overlapping views of `whole` leaves what it leaves with a copy of the source.
void check_as_copied(const Tensor& whole, const std::function<std::pair<Tensor, Tensor>(const Tensor&)>& views,
                     const std::function<void(Tensor& out, const Tensor& source)>& write) {
  const Tensor expected = clone(whole);
  auto [out, source] = views(expected);
  write(out, clone(source));
  check_threads([&] {
    const Tensor actual = clone(whole);
    auto [there, from] = views(actual);
    write(there, from);
    CHECK(same_bits(actual, expected));
    return actual;
  });
}

SGDItem sgd_item(const Tensor& parameter, const Tensor& gradient, double rate) {
  SGDItem item;
  item.parameter = parameter;
  item.gradient = gradient;
  item.step.learning_rate = rate;
  return item;
}

AdamItem adam_item(const Tensor& parameter, const Tensor& gradient, const Tensor& first, const Tensor& second) {
  AdamItem item;
  item.parameter = parameter;
  item.gradient = gradient;
  item.first_moment = first;
  item.second_moment = second;
  item.step.learning_rate = 0.1;
  return item;
}

struct Write {
  std::string name;
  std::function<void(Tensor& out)> run;
};

/// Each operation that writes, on an `out` of 2 × 2 elements in float32.
std::vector<Write> writes() {
  const Tensor four = ones({2, 2});
  return {
      {"copy_", [=](Tensor& out) { copy_(out, four); }},
      {"fill_", [=](Tensor& out) { fill_(out, 7); }},
      {"add_", [=](Tensor& out) { add_(out, four); }},
      {"mul_", [=](Tensor& out) { mul_(out, 7); }},
      {"matmul_into", [=](Tensor& out) { matmul_into(out, four, four); }},
      {"sgd_update", [=](Tensor& out) { sgd_update(std::vector{sgd_item(out, four, 1)}); }},
      {"sgd_update",
       [=](Tensor& out) {
         SGDItem item = sgd_item(clone(four), four, 1);
         item.momentum_buffer = out;
         item.step.momentum = 0.5;
         sgd_update(std::vector{item});
       }},
      {"adam_update", [=](Tensor& out) { adam_update(std::vector{adam_item(out, four, clone(four), clone(four))}); }},
      {"adam_update", [=](Tensor& out) { adam_update(std::vector{adam_item(clone(four), four, clone(four), out)}); }},
  };
}

TEST_CASE("add_ and copy_ of a tensor's own transpose give NumPy's values") {
  Tensor a = tensor<float>({0, 1, 2, 3});
  a = reshape(a, {2, 2});
  add_(a, transpose(a, 0, 1));
  CHECK(a.to_vector<float>() == std::vector<float>{0, 3, 3, 6});
  Tensor b = counted({2, 2});
  copy_(b, transpose(b, 0, 1));
  CHECK(b.to_vector<float>() == std::vector<float>{0, 2, 1, 3});
}

TEST_CASE("a row is added and copied to its neighbours as it was, on any number of threads") {
  for (const int64_t size : {17, 18, 100, 200000}) {
    for (const bool forward : {false, true}) {
      const auto views = [=](const Tensor& whole) {
        return std::pair{narrow(whole, 0, forward ? 1 : 0, size - 1), narrow(whole, 0, forward ? 0 : 1, size - 1)};
      };
      const Tensor whole = random_tensor({size}, 1);
      check_as_copied(whole, views, [](Tensor& out, const Tensor& source) { add_(out, source); });
      check_as_copied(whole, views, [](Tensor& out, const Tensor& source) { copy_(out, source); });
    }
  }
}

TEST_CASE("operations that write read overlapping sources as they were") {
  std::mt19937 engine(1);
  for (int i = 0; i < 200; ++i) {
    const Tensor whole = random_tensor({12, 12}, static_cast<uint32_t>(i));
    const uint32_t seed = engine();
    const auto views = [seed](const Tensor& x) {
      std::mt19937 same(seed);
      const Tensor out = random_view(x, 5, 5, same);
      return std::pair{out, random_view(x, 5, 5, same)};
    };
    check_as_copied(whole, views, [](Tensor& out, const Tensor& source) { add_(out, source, -0.5); });
    check_as_copied(whole, views, [](Tensor& out, const Tensor& source) { copy_(out, source); });
    check_as_copied(whole, views, [](Tensor& out, const Tensor& source) { copy_(out, select(source, 1, 2)); });
    if (views(whole).first.strides()[1] == 1) {
      const Tensor other = random_tensor({5, 5}, 7);
      for (const bool accumulate : {false, true}) {
        const auto left = [&](Tensor& out, const Tensor& source) { matmul_into(out, source, other, accumulate); };
        const auto right = [&](Tensor& out, const Tensor& source) { matmul_into(out, other, source, accumulate); };
        check_as_copied(whole, views, left);
        check_as_copied(whole, views, right);
      }
    }
  }
}

TEST_CASE("a product goes into its own operands") {
  Tensor a = random_tensor({40, 40}, 1), b = random_tensor({40, 40}, 2);
  const Tensor ab = matmul(a, b);
  Tensor left = clone(a), right = clone(b), square = clone(a);
  matmul_into(left, left, b);
  matmul_into(right, a, right);
  matmul_into(square, square, square);
  CHECK(same_bits(left, ab));
  CHECK(same_bits(right, ab));
  CHECK(same_bits(square, matmul(a, a)));
}

TEST_CASE("every operation that writes refuses a view whose elements share memory, by its name") {
  for (const Write& write : writes()) {
    CAPTURE(write.name);
    const Tensor memory = random_tensor({16}, 1);
    const Tensor before = clone(memory);
    const std::vector<Tensor> views{
        expand(narrow(memory, 0, 3, 2), {2, 2}), expand(reshape(narrow(memory, 0, 3, 2), {2, 1}), {2, 2}),
        expand(narrow(memory, 0, 3, 1), {2, 2}),
        Tensor(memory.storage(), DType::float32, {2, 2}, {1, 1}, 0),  // windows
    };
    for (Tensor out : views) {
      const std::string message = message_of<ValueError>([&] { write.run(out); });
      const bool stride_first = message.find("unit stride") != std::string::npos;
      CHECK(message.find(write.name + ": ") == 0);
      CHECK((stride_first || message.find("cannot write to a broadcast view") != std::string::npos));
    }
    CHECK(same_bits(memory, before));
  }
}

TEST_CASE("a stride of zero where there is one element, or none, is no broadcast view") {
  Tensor x = full({1}, 2);
  for (const Shape& shape : {Shape{}, Shape{1}, Shape{1, 1, 1}, Shape{0}, Shape{3, 0}}) {
    Tensor view(x.storage(), x.dtype(), shape, Strides::filled(shape.rank(), 0), 0);
    CHECK_FALSE(overlaps_itself(view));
    fill_(view, 2);
    copy_(view, full(shape, 4));
    add_(view, full(shape, 1));
    mul_(view, 3);
    CHECK(x.item() == 15);
    sgd_update(std::vector{sgd_item(view, full(shape, 1), 1)});
    CHECK(x.item() == (shape.numel() == 0 ? 15 : 14));
    fill_(x, 15);
  }
  Tensor one_column = expand(ones({1, 3}), {1, 3});
  fill_(one_column, 2);
  CHECK(same_bits(one_column, full({1, 3}, 2)));
}

}  // namespace
}  // namespace heed::test
