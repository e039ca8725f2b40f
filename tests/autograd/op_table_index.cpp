// Rows of joining, cutting and picking.
#include <heed/autograd/index.h>

#include "support/index_references.h"
#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;

/// `joined` along an existing axis.
Array joined(const Arrays& x, int64_t axis) {
  Shape shape = x[0].shape;
  shape[axis] = 0;
  for (const Array& each : x) {
    shape[axis] += each.shape[axis];
  }
  return array_of(shape, [&](Shape index) {
    size_t which = 0;
    for (; index[axis] >= x[which].shape[axis]; ++which) {
      index[axis] -= x[which].shape[axis];
    }
    return x[which].at(index);
  });
}

Array with_axis(Array x, int64_t axis) {
  x.shape.insert(axis, 1);
  return x;
}

/// x from `start`, `size` elements along `axis`.
Array part(const Array& x, int64_t axis, int64_t start, int64_t size) {
  return array_of(moved(x.shape, axis, size),
                  [&](const Shape& index) { return x.at(moved(index, axis, index[axis] + start)); });
}

OpRow cat_row(int64_t dim, int64_t axis, std::vector<Case> cases) {
  return row(
      "cat", [dim](const Variables& x) { return cat(x, dim); }, [axis](const Arrays& x) { return joined(x, axis); },
      std::move(cases));
}

OpRow stack_row(int64_t dim, int64_t axis, std::vector<Case> cases) {
  return row(
      "stack", [dim](const Variables& x) { return stack(x, dim); },
      [axis](Arrays x) {
        for (Array& each : x) {
          each = with_axis(each, axis);
        }
        return joined(x, axis);
      },
      std::move(cases));
}

OpRow flip_row(const Dims& dims, std::vector<Case> cases) {
  return row(
      "flip", [dims](const Variables& x) { return flip(x[0], dims); },
      [dims](const Arrays& x) { return flip_reference(x[0], dims); }, std::move(cases));
}

OpRow split_row(std::vector<int64_t> sizes, int64_t axis, std::vector<Case> cases) {
  return {"split", [=](const Variables& x) { return split(x[0], sizes, axis); },
          [=](const Arrays& x) {
            Arrays parts;
            int64_t start = 0;
            for (const int64_t size : sizes) {
              parts.push_back(part(x[0], axis, start, size));
              start += size;
            }
            return parts;
          },
          std::move(cases)};
}

std::vector<OpRow> join_rows() {
  return {
      cat_row(0, 0, {{{{3}}, {{4}}}, {{{2, 3}}, {{1, 3}}, {{0, 3}}}, {{{2, 0}}, {{1, 0}}}}),
      cat_row(-1, 1, {{{{2, 3}}, {{2, 1}}}, {{{5, 1}}}}),
      stack_row(0, 0, {{{{3}}, {{3}}}, {{{}}, {{}}, {{}}}, {{{0, 2}}, {{0, 2}}}}),
      stack_row(-1, 2, {{{{2, 3}}, {{2, 3}}}}),
      split_row({2, 0, 3}, 1, {{{{3, 5}}}}),
      split_row({1, 1}, 0, {{{{2}}}, {{{2, 0}}}}),
      {"split",
       [](const Variables& x) { return split(x[0], 2, -1); },
       [](const Arrays& x) {
         return Arrays{part(x[0], 1, 0, 2), part(x[0], 1, 2, 2), part(x[0], 1, 4, 1)};
       },
       {{{{3, 5}}}}},
      {"unbind",
       [](const Variables& x) { return unbind(x[0], 1); },
       [](const Arrays& x) {
         Arrays parts;
         for (int64_t i = 0; i < x[0].shape[1]; ++i) {
           parts.push_back(part(x[0], 1, i, 1));
           parts.back().shape.erase(1);
         }
         return parts;
       },
       {{{{3, 4}}}, {{{2, 1, 3}}}, {{{0, 2}}}}},
      flip_row({0}, {{{{5}}}, {{{3, 4}}}, {{{0, 2}}}}),
      flip_row({0, 2}, {{{{2, 3, 4}}}}),
      flip_row({}, {{{{}}}, {{{3}}}}),
  };
}

OpRow gather_row(int64_t axis, std::vector<Case> cases) {
  return row(
      "gather", [axis](const Variables& x) { return gather(x[0], axis, x[1].value()); },
      [axis](const Arrays& x) { return gather_reference(x[0], axis, x[1]); }, std::move(cases));
}

OpRow scatter_add_row(int64_t axis, std::vector<Case> cases) {
  return row(
      "scatter_add", [axis](const Variables& x) { return scatter_add(x[0], axis, x[1].value(), x[2]); },
      [axis](const Arrays& x) { return scatter_add_reference(x[0], axis, x[1], x[2]); }, std::move(cases));
}

OpRow index_select_row(int64_t axis, std::vector<Case> cases) {
  return row(
      "index_select", [axis](const Variables& x) { return index_select(x[0], axis, x[1].value()); },
      [axis](const Arrays& x) { return index_select_reference(x[0], axis, x[1]); }, std::move(cases));
}

OpRow index_add_row(int64_t axis, std::vector<Case> cases) {
  return row(
      "index_add", [axis](const Variables& x) { return index_add(x[0], axis, x[1].value(), x[2]); },
      [axis](const Arrays& x) { return index_add_reference(x[0], axis, x[1], x[2]); }, std::move(cases));
}

/// Tables with fewer and with more rows than there are uses.
OpRow embedding_linear_row(bool bias) {
  std::vector<Case> cases{{{{3, 2}}, indices({2, 4}, 3), {{5, 2}}}, {{{9, 2}}, indices({3}, 9), {{4, 2}}},
                          {{{3, 2}}, indices({}, 3), {{4, 2}}},     {{{2, 0}}, indices({3}, 2), {{4, 0}}},
                          {{{3, 2}}, indices({0, 2}, 3), {{4, 2}}}, {{{2, 3}}, indices({3}, 2), {{0, 3}}}};
  for (Case& each : cases) {
    if (bias) {
      each.push_back({{each[2].shape[0]}});
    }
  }
  return row(
      "embedding_linear",
      [bias](const Variables& x) { return embedding_linear(x[0], x[1].value(), x[2], bias ? x[3] : Variable()); },
      [bias](const Arrays& x) {
        Shape shape = x[1].shape;
        shape.push_back(x[2].shape[0]);
        return array_of(shape, [&](Shape index) {
          const int64_t output = index.back();
          index.erase(index.rank() - 1);
          double sum = bias ? x[3].at({output}) : 0;
          for (int64_t i = 0; i < x[0].shape[1]; ++i) {
            sum += x[0].at({index_at(x[1], index), i}) * x[2].at({output, i});
          }
          return sum;
        });
      },
      std::move(cases));
}

}  // namespace

std::vector<OpRow> index_rows() {
  std::vector<OpRow> rows = join_rows();
  const std::vector<OpRow> more{
      gather_row(1, {{{{3, 5}}, indices({3, 4}, 5)}, {{{3, 5}}, indices({2, 7}, 5)}, {{{3, 5}}, indices({3, 0}, 5)}}),
      gather_row(0, {{{{7}}, indices({3}, 7)}, {{{4, 2, 3}}, indices({5, 2, 1}, 4)}, {{{4, 0}}, indices({2, 0}, 4)}}),
      scatter_add_row(1, {{{{3, 5}}, indices({3, 4}, 5), {{3, 4}}}, {{{3, 5}}, indices({2, 9}, 5), {{2, 9}}}}),
      scatter_add_row(0, {{{{4}}, indices({0}, 4), {{0}}}, {{{2, 3}}, indices({5, 3}, 2), {{5, 3}}}}),
      index_select_row(0, {{{{7}}, indices({9}, 7)}, {{{3, 4}}, indices({2}, 3)}, {{{3, 4}}, indices({0}, 3)}}),
      index_select_row(1, {{{{3, 5}}, indices({6}, 5)}, {{{2, 3, 4}}, indices({5}, 3)}, {{{0, 3}}, indices({2}, 3)}}),
      index_add_row(0, {{{{7}}, indices({9}, 7), {{9}}}, {{{3, 4}}, indices({5}, 3), {{5, 4}}}}),
      index_add_row(1, {{{{2, 3, 4}}, indices({5}, 3), {{2, 5, 4}}}, {{{2, 3}}, indices({0}, 3), {{2, 0}}}}),
      row(
          "embedding", [](const Variables& x) { return embedding(x[0], x[1].value()); },
          [](const Arrays& x) { return embedding_reference(x[0], x[1]); },
          {{{{5, 3}}, indices({7}, 5)},
           {{{5, 3}}, indices({2, 4}, 5)},
           {{{5, 3}}, indices({}, 5)},
           {{{5, 3}}, indices({0, 2}, 5)},
           {{{2, 0}}, indices({3}, 2)}}),
      embedding_linear_row(false),
      embedding_linear_row(true),
  };
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

}  // namespace heed::test
