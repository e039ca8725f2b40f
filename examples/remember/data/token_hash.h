// A number that depends on a sequence alone: by it sequences are kept for training, validation or testing.
#pragma once

#include <cstdint>
#include <string_view>

#include "data/example.h"

namespace remember {

/// FNV-1a (Fowler, Noll, Vo) over the bytes, its bits mixed by the finalizer of MurmurHash3.
uint64_t hash_bytes(std::string_view bytes, uint64_t start = 0);
uint64_t hash_tokens(const Tokens& tokens);

}  // namespace remember
