// Hashes of sequences: see token_hash.h.
#include "data/token_hash.h"

namespace remember {

namespace {

constexpr uint64_t kOffset = 0xcbf29ce484222325;
constexpr uint64_t kPrime = 0x100000001b3;

uint64_t mix(uint64_t hash) {
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
  return hash ^ (hash >> 33);
}

}  // namespace

uint64_t hash_bytes(std::string_view bytes, uint64_t start) {
  uint64_t hash = kOffset ^ start;
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * kPrime;
  }
  return mix(hash);
}

uint64_t hash_tokens(const Tokens& tokens) {
  uint64_t hash = kOffset;
  for (const int64_t token : tokens) {
    hash = (hash ^ static_cast<uint64_t>(token)) * kPrime;
  }
  return mix(hash);
}

}  // namespace remember
