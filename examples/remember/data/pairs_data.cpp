// PairsData: see pairs_data.h.
#include "data/pairs_data.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <heed/tensor/error.h>

#include "data/token_hash.h"
#include "text/number.h"
#include "text/words.h"

namespace remember {

namespace {

/// Number of batches whose examples are sorted by length together.
constexpr int64_t kBucketBatches = 50;
constexpr size_t kMostHeldOut = 2'500;
/// Odd, so that multiplying a fingerprint loses no bit.
constexpr uint64_t kFingerprintFactor = 0x9e3779b97f4a7c15;

using Words = std::vector<std::string>;

/// A key per source; its hash decides whether the source is held out.
std::string source_key(const Pair& pair) { return joined(pair.source) + ' '; }

Vocabulary collect(const Pairs& first, const Pairs& second, Words Pair::*side) {
  std::set<std::string> tokens;
  for (const Pairs* pairs : {&first, &second}) {
    for (const Pair& pair : pairs->pairs) {
      tokens.insert((pair.*side).begin(), (pair.*side).end());
    }
  }
  return Vocabulary(Words(tokens.begin(), tokens.end()));
}

/// By the source's length and, among those of one length, by the target's.
std::vector<int64_t> lengths_of(const std::vector<Example>& examples) {
  std::vector<int64_t> lengths;
  for (const Example& example : examples) {
    lengths.push_back((static_cast<int64_t>(example.source.size()) << 31) +
                      static_cast<int64_t>(example.target.size()));
  }
  return lengths;
}

/// Removes from `pairs` the lines whose sources are in `others`, the `kind` file; returns the number of these sources.
int64_t leave_out(Pairs& pairs, const Pairs& others, const char* kind) {
  std::unordered_set<std::string> sources;
  for (const Pair& pair : others.pairs) {
    sources.insert(source_key(pair));
  }
  std::unordered_set<std::string> both;
  std::erase_if(pairs.pairs, [&](const Pair& pair) {
    const std::string key = source_key(pair);
    return sources.contains(key) && (both.insert(key), true);
  });
  heed::check<heed::FileError>(!pairs.pairs.empty(), pairs.path, "must have sources that the ", kind, " file ",
                               others.path, " does not have, got none");
  return static_cast<int64_t>(both.size());
}

}  // namespace

std::vector<Problem> as_problems(const Pairs& pairs, const Vocabulary& source, const Vocabulary& target) {
  std::vector<Problem> problems;
  std::unordered_map<std::string, size_t> places;
  for (const Pair& pair : pairs.pairs) {
    const auto [place, is_new] = places.emplace(source_key(pair), problems.size());
    if (is_new) {
      problems.push_back({source.encode(pair.source), {}});
    }
    problems[place->second].answers.push_back(target.encode(pair.target));
  }
  return problems;
}

PairsData::PairsData(const PairsDataOptions& options) : options_(options) {
  const auto read = [&options](const std::string& path, Cut source, Cut target) {
    return options.read ? cut_pairs(*options.read(path), source, target) : read_pairs(path, source, target);
  };
  Pairs pairs = read(options.data, options.source_cut, options.target_cut);
  source_cut_ = pairs.source_split;
  target_cut_ = pairs.target_split;
  fingerprint_ = pairs.fingerprint;
  Pairs validation, test;
  if (!options.test.empty()) {
    test = read(options.test, source_cut_, target_cut_);
    left_out_ += leave_out(pairs, test, "test");
  }
  if (options.valid.empty()) {
    hold_out(pairs, validation);
  } else {
    validation = read(options.valid, source_cut_, target_cut_);
    fingerprint_ = fingerprint_ * kFingerprintFactor + validation.fingerprint;
    left_out_ += leave_out(pairs, validation, "validation");
  }
  if (!options.test.empty()) {
    fingerprint_ = (fingerprint_ * kFingerprintFactor + test.fingerprint) * kFingerprintFactor;
    leave_out(validation, test, "test");
  }
  source_vocabulary_ = collect(pairs, validation, &Pair::source);
  target_vocabulary_ = collect(pairs, validation, &Pair::target);
  for (const Pair& pair : pairs.pairs) {
    training_.push_back({source_vocabulary_.encode(pair.source), target_vocabulary_.encode(pair.target)});
  }
  validation_ = as_problems(validation, source_vocabulary_, target_vocabulary_);
  test_ = as_problems(test, source_vocabulary_, target_vocabulary_);
  sampler_.emplace(static_cast<int64_t>(training_.size()),
                   heed::DataLoaderOptions{
                       .batch_size = options.batch, .shuffle = true, .seed = options.seed, .bucket = kBucketBatches},
                   lengths_of(training_));
}

std::string PairsData::description() const {
  const std::string both = !options_.valid.empty() && !options_.test.empty() ? "another file" : "both files";
  return grouped(static_cast<int64_t>(training_.size())) + " pairs to train on, " +
         grouped(static_cast<int64_t>(validation_.size())) + " sources held out" +
         (test_.empty() ? "" : ", " + grouped(static_cast<int64_t>(test_.size())) + " to test with") +
         (left_out_ == 0   ? ""
          : left_out_ == 1 ? "; 1 source that is in " + both + " was left out of training"
                           : "; " + grouped(left_out_) + " sources that are in " + both + " were left out of training");
}

/// Moves to `validation` all lines of the sources with the smallest hashes.
void PairsData::hold_out(Pairs& pairs, Pairs& validation) const {
  std::vector<uint64_t> hashes;
  for (const Pair& pair : pairs.pairs) {
    hashes.push_back(hash_bytes(source_key(pair)));
  }
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  heed::check<heed::FileError>(hashes.size() >= 2, pairs.path,
                               "must have at least two different sources, so that one can be kept for validation (or "
                               "give a validation file), got one");
  const size_t count = std::clamp<size_t>(hashes.size() / 20, 1, kMostHeldOut);
  const uint64_t limit = hashes[count];
  const auto kept_out = std::stable_partition(pairs.pairs.begin(), pairs.pairs.end(),
                                              [&](const Pair& pair) { return hash_bytes(source_key(pair)) >= limit; });
  validation.pairs.assign(std::make_move_iterator(kept_out), std::make_move_iterator(pairs.pairs.end()));
  pairs.pairs.erase(kept_out, pairs.pairs.end());
}

std::vector<Example> PairsData::batch(int64_t step) {
  std::vector<Example> examples;
  for (const int64_t index : sampler_->batch(step)) {
    examples.push_back(training_[static_cast<size_t>(index)]);
  }
  return examples;
}

}  // namespace remember
