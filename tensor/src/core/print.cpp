// Lays out the texts of elements as numpy.array2string does: brackets, line width, and "..." for a middle left out.
#include <heed/tensor/print.h>

#include <algorithm>

#include <heed/tensor/detail/operation_scope.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/view.h>

#include "core/dispatch.h"
#include "core/number_format.h"

namespace heed {

namespace {

/// The texts of all elements of a contiguous tensor, in row-major order.
std::vector<std::string> element_texts(const Tensor& x, const PrintOptions& options) {
  return detail::dispatch_all(x.dtype(), [&]<class T>() -> std::vector<std::string> {
    const std::vector<T> values = x.to_vector<T>();
    if constexpr (std::is_same_v<T, bool>) {
      std::vector<std::string> texts;
      for (const bool value : values) {
        texts.push_back(!value ? "False" : x.rank() == 0 ? "True" : " True");
      }
      return texts;
    } else if constexpr (std::is_same_v<T, int64_t>) {
      return detail::format_integers(values);
    } else {
      return detail::format_floating(values, options.precision, options.suppress);
    }
  });
}

/// The elements of x that a summary shows.
Tensor without_middle(const Tensor& x, int64_t edge_items) {
  Tensor edges = x;
  for (int64_t axis = 0; axis < x.rank(); ++axis) {
    const int64_t size = x.size(axis);
    if (size > 2 * edge_items) {
      edges = cat({narrow(edges, axis, 0, edge_items), narrow(edges, axis, size - edge_items, edge_items)}, axis);
    }
  }
  return edges;
}

/// Joins texts to rows and rows to blocks.
class Layout {
 public:
  Layout(const Tensor& x, const PrintOptions& options) : options_(options), shape_(x.shape()) {
    summarized_ = x.numel() > options.threshold;
    const Tensor shown = summarized_ ? without_middle(x, options.edge_items) : x;
    shown_shape_ = shown.shape();
    texts_ = element_texts(shown, options);
  }

  /// The block at `axis` whose first element is texts_[first]. `indent` stands in front of each of its lines, `width`
  /// is what the brackets that close after it leave of the line.
  std::string block(int64_t axis, int64_t first, const std::string& indent, int64_t width) const {
    const int64_t axes_left = shape_.rank() - axis;
    if (axes_left == 0) {
      return texts_[static_cast<size_t>(first)];
    }
    std::string text = axes_left == 1 ? row(first, indent, width) : rows(axis, first, indent, width);
    text.erase(0, indent.size() - 1);
    text[0] = '[';
    return text + "]";
  }

 private:
  bool leaves_out(int64_t axis) const { return summarized_ && shape_[axis] > 2 * options_.edge_items; }

  std::string row(int64_t first, const std::string& indent, int64_t width) const {
    const int64_t axis = shape_.rank() - 1;
    const int64_t count = shown_shape_[axis];
    std::string done;
    std::string line = indent;
    const auto append = [&](const std::string& word, bool is_last) {
      const bool fits = static_cast<int64_t>(line.size() + word.size()) <= width - 1;
      if (!fits && line.size() > indent.size()) {
        line.resize(line.find_last_not_of(' ') + 1);
        done += line + "\n";
        line = indent;
      }
      line += word + (is_last ? "" : " ");
    };
    for (int64_t i = 0; i < count; ++i) {
      if (leaves_out(axis) && i == options_.edge_items) {
        append("...", false);
      }
      append(texts_[static_cast<size_t>(first + i)], i + 1 == count);
    }
    return done + line;
  }

  std::string rows(int64_t axis, int64_t first, const std::string& indent, int64_t width) const {
    const int64_t count = shown_shape_[axis];
    int64_t step = 1;
    for (int64_t later = axis + 1; later < shape_.rank(); ++later) {
      step *= shown_shape_[later];
    }
    const std::string separator(static_cast<size_t>(shape_.rank() - axis - 1), '\n');
    std::string text;
    for (int64_t i = 0; i < count; ++i) {
      if (leaves_out(axis) && i == options_.edge_items) {
        text += indent + "..." + separator;
      }
      text += indent + block(axis + 1, first + i * step, indent + " ", width - 1);
      text += i + 1 < count ? separator : "";
    }
    return text;
  }

  PrintOptions options_;
  Shape shape_;
  Shape shown_shape_;
  bool summarized_ = false;
  std::vector<std::string> texts_;
};

}  // namespace

std::string to_string(const Tensor& x, const PrintOptions& options) {
  const detail::OperationScope operation("to_string");
  check(x.defined(), "to_string", "the tensor is undefined");
  constexpr int kMostDigits = 400;
  check(options.precision >= 0 && options.precision <= kMostDigits && options.edge_items >= 1, "to_string",
        "needs a precision of 0 to ", kMostDigits, " and edge_items ≥ 1, got ", options.precision, " and ",
        options.edge_items);
  if (x.numel() == 0) {
    return "[]";
  }
  return Layout(x, options).block(0, 0, " ", options.line_width);
}

std::ostream& operator<<(std::ostream& out, const Tensor& x) { return out << to_string(x); }

}  // namespace heed
