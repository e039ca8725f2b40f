// ModuleList: a list of modules of one type, each with its own name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <heed/nn/core/module.h>
#include <heed/tensor/error.h>

namespace heed {

/// Owns its parts, which are named "0", "1", … in order (PyTorch's torch.nn.ModuleList). The owner of the list
/// calls them:
///
///   for (int64_t i = 0; i < layers_.size(); ++i) x = layers_[i].forward(x);
template <class Part>
class ModuleList : public Module {
 public:
  /// Makes a part at the end and returns it.
  template <class... Arguments>
  Part& add(Arguments&&... arguments) {
    parts_.push_back(std::make_unique<Part>(std::forward<Arguments>(arguments)...));
    register_module(std::to_string(size() - 1), *parts_.back());
    return *parts_.back();
  }

  int64_t size() const { return static_cast<int64_t>(parts_.size()); }
  /// Throws IndexError.
  Part& operator[](int64_t index) { return part(index); }
  const Part& operator[](int64_t index) const { return part(index); }

 private:
  Part& part(int64_t index) const {
    check<IndexError>(index >= 0 && index < size(), "ModuleList", "index must be below ", size(), ", got ", index);
    return *parts_[static_cast<size_t>(index)];
  }

  std::vector<std::unique_ptr<Part>> parts_;
};

}  // namespace heed
