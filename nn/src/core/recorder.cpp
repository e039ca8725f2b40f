// Recorder: a hook on every module, for one thread.
#include <heed/nn/core/recorder.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/index.h>
#include <heed/tensor/view.h>

#include "core/hooks.h"

namespace heed {
namespace {

/// Whether `pattern`, in which * stands for any text, is the whole of `name`.
bool matches(std::string_view pattern, std::string_view name) {
  size_t p = 0, n = 0, star = std::string_view::npos, taken = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;  // the star takes one more
      n = ++taken;
    } else {
      return false;
    }
  }
  return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(p), pattern.end(), [](char c) { return c == '*'; });
}

/// A step as (…, 1, F), a sequence of steps as it is.
Tensor as_steps(const Tensor& value) {
  return value.rank() == 0 ? unsqueeze(value, 0) : value.rank() <= 2 ? unsqueeze(value, 1) : value;
}

/// With zeros behind the last axis, up to `size`.
Tensor filled_up(const Tensor& value, int64_t size) {
  Shape rest = value.shape();
  rest[rest.rank() - 1] = size - value.size(-1);
  return rest[rest.rank() - 1] == 0 ? value : cat(std::vector<Tensor>{value, zeros(rest, value.dtype())}, -1);
}

/// Steps (…, Tᵢ, Fᵢ) one after the other.
Tensor joined(std::vector<Tensor> steps, bool in_rows) {
  if (in_rows) {
    int64_t size = 0;
    for (const Tensor& step : steps) {
      size = std::max(size, step.size(-1));
    }
    for (Tensor& step : steps) {
      step = filled_up(step, size);
    }
  }
  return cat(steps, in_rows ? -2 : -1);
}

}  // namespace

struct Recorder::Kept {
  RecorderOptions options;
  std::vector<std::string> names;
  std::unordered_map<std::string, std::vector<Variable>> values;

  bool wants(const std::string& name) const {
    return std::any_of(options.names.begin(), options.names.end(),
                       [&name](const std::string& pattern) { return matches(pattern, name); });
  }
  void add(const std::string& name, const Variable& value) {
    const auto [place, is_new] = values.try_emplace(name);
    if (is_new) {
      names.push_back(name);
    }
    place->second.push_back(options.keep_graph ? value : value.detach());
  }
};

Recorder::Recorder(const Module& model, RecorderOptions options) : kept_(std::make_shared<Kept>()) {
  check(!options.names.empty(), "Recorder", "names must have a pattern, got none");
  kept_->options = std::move(options);
  for (const auto& [module_name, module] : model.named_modules()) {
    const std::string prefix = module_name.empty() ? "" : module_name + ".";
    const auto full = [prefix](std::string_view what) { return prefix + std::string(what); };
    hooks_.emplace_back(detail::add_hook(
        module->path(), {.wants = [kept = kept_, full](std::string_view what) { return kept->wants(full(what)); },
                         .call =
                             [kept = kept_, full](std::string_view what, const Variable& value) {
                               kept->add(full(what), value);
                               return Variable();
                             },
                         .thread = std::this_thread::get_id(),
                         .watches_only = true,
                         .in_graph = kept_->options.keep_graph}));
  }
}

std::vector<std::string> Recorder::names() const { return kept_->names; }

bool Recorder::contains(const std::string& name) const { return kept_->values.contains(name); }

const std::vector<Variable>& Recorder::calls(const std::string& name) const {
  const auto found = kept_->values.find(name);
  if (found == kept_->values.end()) {
    std::string all;
    for (const std::string& each : kept_->names) {
      all += "\n  " + each;
    }
    fail("Recorder", "nothing was recorded as '", name, "'; there is", all.empty() ? " nothing yet" : ":", all);
  }
  return found->second;
}

Tensor Recorder::operator[](const std::string& name) const {
  const std::vector<Variable>& all = calls(name);
  if (all.size() == 1) {
    return all.front().value();
  }
  std::vector<Tensor> steps;
  Shape first = as_steps(all.front().value()).shape();
  for (const Variable& each : all) {
    steps.push_back(as_steps(each.value()));
    Shape shape = steps.back().shape();
    for (int64_t axis = std::max<int64_t>(0, shape.rank() - 2); axis < std::min(shape.rank(), first.rank()); ++axis) {
      shape[axis] = first[axis];
    }
    const bool is_step = each.rank() <= 2 || each.shape()[each.rank() - 2] == 1;
    check<ShapeError>(shape == first && is_step, "Recorder", "the calls of '", name, "' are no steps of one batch, ",
                      all.front().shape(), " and ", each.shape(),
                      ": take calls(), or along() after a search; clear() before the next forward");
  }
  return joined(std::move(steps), all.front().rank() > 1);
}

Tensor Recorder::along(const std::string& name, const std::vector<int64_t>& rows) const {
  const std::vector<Variable>& all = calls(name);
  check(!rows.empty() && all.size() >= rows.size(), "Recorder", "needs a call of '", name, "' per row, got ",
        all.size(), " calls and ", rows.size(), " rows");
  std::vector<Tensor> steps;
  for (size_t t = 0; t < rows.size(); ++t) {
    const Tensor row = select(all[t].value(), 0, rows[t]);
    steps.push_back(row.rank() <= 1 ? unsqueeze(row, 0) : row);
  }
  return joined(std::move(steps), all.front().rank() > 1);
}

void Recorder::clear() {
  kept_->names.clear();
  kept_->values.clear();
}

}  // namespace heed
