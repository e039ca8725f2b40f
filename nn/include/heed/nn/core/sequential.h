// Sequential: a chain of modules.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <heed/nn/core/unary_module.h>

namespace heed {

/// Owns its parts, which are named "0", "1", … in order:
///
///   Sequential head;
///   head.add<Linear>(128, 64);
///   head.add<ReLU>();
class Sequential : public UnaryModule {
 public:
  Sequential() = default;
  /// Sequential head(std::make_unique<Linear>(128, 64), std::make_unique<ReLU>());
  template <class... Parts>
  requires(sizeof...(Parts) > 0) explicit Sequential(std::unique_ptr<Parts>... parts) {
    (append(std::move(parts)), ...);
  }

  /// Makes a part at the end and returns it.
  template <class Part, class... Arguments>
  Part& add(Arguments&&... arguments) {
    auto part = std::make_unique<Part>(std::forward<Arguments>(arguments)...);
    Part& added = *part;
    append(std::move(part));
    return added;
  }
  /// Throws ValueError for a null pointer.
  void append(std::unique_ptr<UnaryModule> part);

  /// x through each part in turn; x itself when there is none.
  Variable forward(const Variable& x) const override;

  int64_t size() const { return static_cast<int64_t>(parts_.size()); }
  /// Throws IndexError.
  UnaryModule& operator[](int64_t index) { return part(index); }
  const UnaryModule& operator[](int64_t index) const { return part(index); }

 private:
  UnaryModule& part(int64_t index) const;

  std::vector<std::unique_ptr<UnaryModule>> parts_;
};

}  // namespace heed
