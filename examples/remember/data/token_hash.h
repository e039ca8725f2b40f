// Hashes of sequences, which assign them to training, validation or tests.
#pragma once

#include <cstdint>
#include <string_view>

#include "data/example.h"

namespace remember {

/// FNV-1a (Fowler, Noll, Vo) over the bytes, then the finalizer of MurmurHash3.
uint64_t hash_bytes(std::string_view bytes, uint64_t start = 0);
uint64_t hash_tokens(const Tokens& tokens);

}  // namespace remember
