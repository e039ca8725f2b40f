// Other names for the entries of a state dict, as when a model was written elsewhere.
#pragma once

#include <map>
#include <string>

#include <heed/nn/core/module.h>

namespace heed {

/// The state dict with other names. A key of `names` that ends in a dot renames what begins with it, any other the
/// entry of that name; of several that fit the longest counts, and the rest of a name stays:
///
///   model.load_state_dict(renamed(load_safetensors(path), {{"transformer.h.", "layers."}, {"lm_head.weight",
///   "output.weight"}}));
///
/// Throws ValueError for a key that fits no entry, and for two entries of one name afterwards.
StateDict renamed(const StateDict& state, const std::map<std::string, std::string>& names);

}  // namespace heed
