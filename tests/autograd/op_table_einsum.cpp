// Rows of sums over named axes, lengths of vectors, and normalisation by the root of the mean square.
#include <cmath>
#include <limits>
#include <map>

#include <heed/autograd/einsum.h>
#include <heed/autograd/vector_norm.h>

#include "support/lines.h"
#include "support/op_table.h"

namespace heed::test {
namespace {

using Variables = std::vector<Variable>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Σ of products over all indices, one loop over the axes of all labels.
Array einsum_reference(const std::vector<std::string>& inputs, const std::string& output, const Arrays& x) {
  std::string labels = output;
  std::map<char, int64_t> sizes;
  for (size_t i = 0; i < inputs.size(); ++i) {
    for (size_t axis = 0; axis < inputs[i].size(); ++axis) {
      const char label = inputs[i][axis];
      labels += labels.find(label) == std::string::npos ? std::string(1, label) : "";
      sizes[label] = x[i].shape[static_cast<int64_t>(axis)];
    }
  }
  const auto shape_of = [&](const std::string& names, const auto& size) {
    Shape shape;
    for (const char label : names) {
      shape.push_back(size(label));
    }
    return shape;
  };
  const Shape all = shape_of(labels, [&](char label) { return sizes.at(label); });
  Array result =
      array_of(shape_of(output, [&](char label) { return sizes.at(label); }), [](const Shape&) { return 0.0; });
  const Strides strides = contiguous_strides(result.shape);
  for_each_index(all, [&](const Shape& index) {
    const auto at = [&](char label) { return index[static_cast<int64_t>(labels.find(label))]; };
    double product = 1;
    for (size_t i = 0; i < inputs.size(); ++i) {
      product *= x[i].at(shape_of(inputs[i], at));
    }
    int64_t place = 0;
    for (int64_t axis = 0; axis < result.shape.rank(); ++axis) {
      place += index[axis] * strides[axis];
    }
    result.values[static_cast<size_t>(place)] += product;
  });
  return result;
}

/// The equation as `text`; the reference takes its letters apart.
OpRow einsum_row(const std::string& text, const std::vector<std::string>& inputs, const std::string& output,
                 std::vector<Case> cases) {
  return row(
      "einsum", [text](const Variables& x) { return einsum(text, x); },
      [=](const Arrays& x) { return einsum_reference(inputs, output, x); }, std::move(cases));
}

std::vector<OpRow> einsum_rows_of_letters() {
  return {
      einsum_row("ij,jk->ik", {"ij", "jk"}, "ik", {{{{3, 4}}, {{4, 5}}}, {{{3, 0}}, {{0, 5}}}}),
      einsum_row("ij, jk", {"ij", "jk"}, "ik", {{{{3, 4}}, {{4, 5}}}}),
      einsum_row("bij,bkj->bki", {"bij", "bkj"}, "bki", {{{{2, 3, 4}}, {{2, 5, 4}}}}),
      einsum_row("bthd,bshd->bhts", {"bthd", "bshd"}, "bhts", {{{{2, 3, 2, 4}}, {{2, 5, 2, 4}}}}),
      einsum_row("i,j->ij", {"i", "j"}, "ij", {{{{3}}, {{4}}}}),
      einsum_row("i,i->", {"i", "i"}, "", {{{{5}}, {{5}}}}),
      einsum_row("i,i->i", {"i", "i"}, "i", {{{{5}}, {{5}}}}),
      einsum_row("ijk->kj", {"ijk"}, "kj", {{{{2, 3, 4}}}}),
      einsum_row("ii->i", {"ii"}, "i", {{{{4, 4}}}}),
      einsum_row("ii", {"ii"}, "", {{{{4, 4}}}}),
      einsum_row("iji,jk->ik", {"iji", "jk"}, "ik", {{{{3, 4, 3}}, {{4, 2}}}}),
      einsum_row("ij,k->j", {"ij", "k"}, "j", {{{{3, 4}}, {{2}}}}),
      einsum_row("ab,bc,cd->ad", {"ab", "bc", "cd"}, "ad", {{{{2, 3}}, {{3, 4}}, {{4, 2}}}}),
      einsum_row("i,,jB->Bi", {"i", "", "jB"}, "Bi", {{{{2}}, {{}}, {{3, 4}}}}),
      einsum_row("...ij,...jk->...ik", {"abij", "abjk"}, "abik", {{{{2, 3, 2, 4}}, {{2, 3, 4, 3}}}}),
      einsum_row("i...->...", {"iab"}, "ab", {{{{2, 3, 4}}}}),
      einsum_row("...,i", {"ab", "i"}, "abi", {{{{2, 3}}, {{4}}}}),
  };
}

OpRow norm_row(double p, const Dims& dims, bool keepdim, std::vector<Case> cases) {
  const auto length = [p](const Line& x) {
    Real sum = 0, largest = 0;
    for (const Real each : x) {
      sum += std::pow(std::abs(each), static_cast<Real>(p));
      largest = std::max(largest, std::abs(each));
    }
    return std::isinf(p) ? largest : std::pow(sum, 1 / static_cast<Real>(p));
  };
  return row(
      "norm", [=](const Variables& x) { return norm(x[0], p, dims, keepdim); },
      [=](const Arrays& x) { return reduced<Line>(x[0], dims, keepdim, length); }, std::move(cases));
}

OpRow cosine_row(int64_t dim, std::vector<Case> cases) {
  return row(
      "cosine_similarity", [dim](const Variables& x) { return cosine_similarity(x[0], x[1], dim); },
      [dim](const Arrays& x) {
        const Shape shape = broadcast_shapes(x[0].shape, x[1].shape, "test");
        Arrays wide;
        for (const Array& each : x) {
          wide.push_back(array_of(shape, [&](const Shape& i) { return each.at(broadcast_index(i, each.shape)); }));
        }
        const auto sums = [&](size_t a, size_t b) {
          Array products = wide[a];
          for (size_t i = 0; i < products.values.size(); ++i) {
            products.values[i] *= wide[b].values[i];
          }
          return reduced<Line>(products, {dim}, false, sum_of);
        };
        Array result = sums(0, 1);
        const Array left = sums(0, 0), right = sums(1, 1);
        for (size_t i = 0; i < result.values.size(); ++i) {
          result.values[i] /= std::sqrt(left.values[i] * right.values[i]);
        }
        return result;
      },
      std::move(cases));
}

}  // namespace

std::vector<OpRow> einsum_rows() {
  std::vector<OpRow> rows = einsum_rows_of_letters();
  const std::vector<OpRow> more{
      norm_row(2, {0}, false, {{{{7}}}, {{{3, 5}}}}),
      norm_row(2, {-1, 0}, true, {{{{3, 4, 5}}}}),
      norm_row(1, {1}, false, {{{{3, 5}}}, {{{2, 0}}}}),
      norm_row(3, {1}, true, {{{{3, 5}}}}),
      norm_row(2.5, {0}, false, {{{{4, 2}, 0.2, 2}}}),
      norm_row(kInfinity, {1}, false, {{{{3, 5}}}}),
      norm_row(2, {1}, false, {{{{2, 0}}}}),
      row(
          "norm", [](const Variables& x) { return norm(x[0]); },
          [](const Arrays& x) {
            const Line all = line_of(x[0].values);
            return Array{{}, {static_cast<double>(std::sqrt(dot_of(all, all)))}};
          },
          {{{{3, 4}}}, {{{}}}}),
      cosine_row(1, {{{{3, 4}}, {{3, 4}}}, {{{2, 5, 3}}, {{5, 3}}}}),
      cosine_row(-1, {{{{3, 1, 4}}, {{2, 4}}}, {{{4}}, {{4}}}}),
  };
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

}  // namespace heed::test
