// For what draws on the side: default_generator() goes on as if nothing had been drawn.
#pragma once

#include <heed/tensor/random.h>

namespace heed::detail {

/// Gives default_generator() back the state that it had, also when an exception ends the scope.
class KeptGenerator {
 public:
  KeptGenerator() : before_(default_generator().state()) {}
  ~KeptGenerator() { rewind(); }
  KeptGenerator(const KeptGenerator&) = delete;
  KeptGenerator& operator=(const KeptGenerator&) = delete;
  void rewind() const { default_generator().set_state(before_); }

 private:
  GeneratorState before_;
};

}  // namespace heed::detail
