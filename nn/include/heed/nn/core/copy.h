// Copies of whole models. Modules do not copy themselves: a second one is made as the first was, and gets its state.
#pragma once

#include <heed/nn/core/module.h>
#include <heed/tensor/detail/kept_generator.h>

namespace heed {

/// Gives `to`, a module made as `from` was, all that `from` has: values and dtypes of parameters and buffers (also
/// those that are not in state dicts), which of them are frozen, which parts are in training mode. Nothing is shared
/// afterwards. Gradients, hooks and members that are not registered stay as they are. Throws ValueError, naming what
/// differs, unless both have the same names, shapes and tied weights; nothing has changed then.
void copy_state(const Module& from, Module& to);

/// A second model like the first, with nothing in common: what make() gives, a std::unique_ptr, with copy_state(). The
/// values that make() draws do not move default_generator(). Works for modules of your own as for heed's:
///
///   const auto teacher = copy_of(model, [&] { return make_seq2seq(config); });
template <class Make>
auto copy_of(const Module& model, const Make& make) {
  const detail::KeptGenerator generator;
  auto copy = make();
  copy_state(model, *copy);
  return copy;
}

}  // namespace heed
