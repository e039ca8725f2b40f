// Repairs what a mutation breaks first, so that what lies behind is reached.
#pragma once

#include <string>

namespace fuzz {

/// A .npy file with the length of its header that the header has.
std::string repair_npy(std::string bytes);
/// A safetensors file, likewise.
std::string repair_safetensors(std::string bytes);
/// A zip archive of the members that have a local header: sizes, CRCs, directory and end made anew.
std::string repair_zip(const std::string& bytes);

}  // namespace fuzz
