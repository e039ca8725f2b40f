// Rows of sorting, slicing, choosing and repeating.
#include <algorithm>

#include <heed/autograd/repeat.h>
#include <heed/autograd/selection.h>
#include <heed/autograd/slice.h>
#include <heed/autograd/sort.h>
#include <heed/autograd/triangle.h>

#include "support/index_references.h"
#include "support/lines.h"
#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;

/// x sorted along `axis`, of which the first `count` elements are kept.
Array sorted(const Array& x, int64_t axis, int64_t count, bool descending) {
  const Array all = along<Line>({x}, axis, [descending](const std::vector<Line>& lines) {
    Line line = lines[0];
    std::sort(line.begin(), line.end());
    if (descending) {
      std::reverse(line.begin(), line.end());
    }
    return line;
  });
  return array_of(moved(x.shape, axis, count), [&](const Shape& index) { return all.at(index); });
}

OpRow sort_row(int64_t dim, int64_t axis, bool descending, std::vector<Case> cases) {
  return row(
      "sort", [=](const Variables& x) { return sort(x[0], dim, descending).values; },
      [=](const Arrays& x) { return sorted(x[0], axis, x[0].shape[axis], descending); }, std::move(cases));
}

OpRow topk_row(int64_t k, int64_t axis, bool largest, std::vector<Case> cases) {
  return row(
      "topk", [=](const Variables& x) { return topk(x[0], k, axis, largest).values; },
      [=](const Arrays& x) { return sorted(x[0], axis, k, largest); }, std::move(cases));
}

OpRow extreme_row(const char* name, SortResult<Variable> (*function)(const Variable&, int64_t, bool), bool largest,
                  int64_t axis, bool keepdim, std::vector<Case> cases) {
  return row(
      name, [=](const Variables& x) { return function(x[0], axis, keepdim).values; },
      [=](const Arrays& x) {
        Array y = sorted(x[0], axis, 1, largest);
        if (!keepdim) {
          y.shape.erase(axis);
        }
        return y;
      },
      std::move(cases));
}

OpRow slice_row(const std::vector<Slice>& parts, const Shape& input, const Shape& shape,
                const std::function<Shape(const Shape&)>& place) {
  return row(
      "slice", [parts](const Variables& x) { return slice(x[0], parts); },
      [=](const Arrays& x) { return array_of(shape, [&](const Shape& index) { return x[0].at(place(index)); }); },
      {{{input}}});
}

std::vector<OpRow> slice_rows() {
  using I = const Shape&;
  return {
      slice_row({0}, {3, 4}, {4},
                [](I i) {
                  return Shape{0, i[0]};
                }),
      slice_row({{}, -1}, {3, 4}, {3},
                [](I i) {
                  return Shape{i[0], 3};
                }),
      slice_row({1, {1, 3}, {0, kEnd, 2}}, {2, 4, 5}, {2, 3},
                [](I i) {
                  return Shape{1, 1 + i[0], 2 * i[1]};
                }),
      slice_row({{-2, kEnd}, 0, 1}, {3, 2, 2}, {2},
                [](I i) {
                  return Shape{1 + i[0], 0, 1};
                }),
      slice_row({}, {2, 3}, {2, 3}, [](I i) { return i; }),
      slice_row({{2, 1}}, {3, 2}, {0, 2}, [](I i) { return i; }),
  };
}

OpRow triangle_row(const char* name, Variable (*function)(const Variable&, int64_t), bool lower, int64_t diagonal,
                   std::vector<Case> cases) {
  return row(
      name, [=](const Variables& x) { return function(x[0], diagonal); },
      [=](const Arrays& x) {
        return array_of(x[0].shape, [&](const Shape& index) {
          const int64_t above = index.back() - index[index.rank() - 2] - diagonal;
          return (lower ? above <= 0 : above >= 0) ? x[0].at(index) : 0.0;
        });
      },
      std::move(cases));
}

OpRow masked_select_row(std::vector<Case> cases) {
  return row(
      "masked_select", [](const Variables& x) { return masked_select(x[0], x[1].value()); },
      [](const Arrays& x) {
        Array result{{}, {}};
        for_each_index(broadcast_shapes(x[0].shape, x[1].shape, "test"), [&](const Shape& index) {
          if (x[1].at(broadcast_index(index, x[1].shape)) != 0) {
            result.values.push_back(x[0].at(broadcast_index(index, x[0].shape)));
          }
        });
        result.shape = {static_cast<int64_t>(result.values.size())};
        return result;
      },
      std::move(cases));
}

OpRow repeat_row(const Shape& repeats, const Shape& input) {
  return row(
      "repeat", [repeats](const Variables& x) { return repeat(x[0], repeats); },
      [repeats](const Arrays& x) {
        const Shape& sizes = x[0].shape;
        const int64_t added = repeats.rank() - sizes.rank();
        Shape shape = repeats;
        for (int64_t axis = 0; axis < sizes.rank(); ++axis) {
          shape[added + axis] *= sizes[axis];
        }
        return array_of(shape, [&](const Shape& index) {
          Shape place = sizes;
          for (int64_t axis = 0; axis < sizes.rank(); ++axis) {
            place[axis] = index[added + axis] % sizes[axis];
          }
          return x[0].at(place);
        });
      },
      {{{input}}});
}

}  // namespace

std::vector<OpRow> sort_rows() {
  std::vector<OpRow> rows = slice_rows();
  const std::vector<OpRow> more{
      sort_row(-1, 1, false, {{{{3, 7}}}, {{{2, 1}}}, {{{2, 0}}}}),
      sort_row(0, 0, true, {{{{9}}}, {{{4, 3, 2}}}}),
      topk_row(2, 1, true, {{{{3, 7}}}, {{{2, 5, 3}}}}),
      topk_row(3, 0, false, {{{{3}}}, {{{6, 2}}}}),
      topk_row(0, 0, true, {{{{3, 2}}}}),
      extreme_row("max_with_indices", max_with_indices, true, 1, false, {{{{3, 7}}}, {{{2, 5, 3}}}, {{{0, 2}}}}),
      extreme_row("max_with_indices", max_with_indices, true, 0, true, {{{{5}}}, {{{4, 3}}}}),
      extreme_row("min_with_indices", min_with_indices, false, 1, false, {{{{3, 7}}}, {{{2, 5, 3}}}}),
      extreme_row("min_with_indices", min_with_indices, false, 0, true, {{{{5}}}, {{{4, 3}}}}),
      triangle_row("tril", tril, true, 0, {{{{3, 5}}}, {{{2, 4, 3}}}, {{{0, 3}}}}),
      triangle_row("tril", tril, true, -1, {{{{4, 4}}}}),
      triangle_row("tril", tril, true, 2, {{{{4, 4}}}}),
      triangle_row("triu", triu, false, 0, {{{{3, 5}}}, {{{2, 4, 3}}}, {{{3, 0}}}}),
      triangle_row("triu", triu, false, 1, {{{{4, 4}}}}),
      triangle_row("triu", triu, false, -9, {{{{4, 4}}}}),
      masked_select_row(
          {{{{3, 5}}, hidden({3, 5})}, {{{2, 3, 1}}, hidden({3, 4})}, {{{}}, hidden({4})}, {{{0}}, hidden({0})}}),
      repeat_row({2, 3}, {2, 3}),
      repeat_row({3, 1, 2}, {2, 4}),
      repeat_row({1}, {3}),
      repeat_row({2}, {}),
      repeat_row({2, 0}, {2, 3}),
  };
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

}  // namespace heed::test
