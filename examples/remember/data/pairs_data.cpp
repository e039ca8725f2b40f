// PairsData: see pairs_data.h.
#include "data/pairs_data.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <heed/tensor/error.h>
#include <heed/tensor/random.h>

#include "data/token_hash.h"
#include "text/number.h"
#include "text/words.h"

namespace remember {

namespace {

constexpr uint64_t kOrderStream = uint64_t{1} << 60;
/// Number of batches whose examples are sorted by length together.
constexpr size_t kBucketBatches = 50;
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

void shuffle(std::vector<size_t>& values, heed::Generator& generator) {
  for (size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[static_cast<size_t>(generator.below(static_cast<int64_t>(i)))]);
  }
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
  source_cut_ = pairs.source_cut;
  target_cut_ = pairs.target_cut;
  fingerprint_ = pairs.fingerprint;
  Pairs validation;
  if (options.valid.empty()) {
    hold_out(pairs, validation);
  } else {
    validation = read(options.valid, source_cut_, target_cut_);
    fingerprint_ = fingerprint_ * kFingerprintFactor + validation.fingerprint;
    leave_out(pairs, validation);
  }
  source_vocabulary_ = collect(pairs, validation, &Pair::source);
  target_vocabulary_ = collect(pairs, validation, &Pair::target);
  for (const Pair& pair : pairs.pairs) {
    training_.push_back({source_vocabulary_.encode(pair.source), target_vocabulary_.encode(pair.target)});
  }
  validation_ = as_problems(validation, source_vocabulary_, target_vocabulary_);
}

std::string PairsData::description() const {
  return grouped(static_cast<int64_t>(training_.size())) + " pairs to train on, " +
         grouped(static_cast<int64_t>(validation_.size())) + " sources held out" +
         (left_out_ == 0   ? ""
          : left_out_ == 1 ? "; 1 source that is in both files was left out of training"
                           : "; " + grouped(left_out_) + " sources that are in both files were left out of training");
}

/// Removes from `pairs` the lines whose sources are in `validation`.
void PairsData::leave_out(Pairs& pairs, const Pairs& validation) {
  std::unordered_set<std::string> held_out;
  for (const Pair& pair : validation.pairs) {
    held_out.insert(source_key(pair));
  }
  std::unordered_set<std::string> both;
  std::erase_if(pairs.pairs, [&](const Pair& pair) {
    const std::string key = source_key(pair);
    return held_out.contains(key) && (both.insert(key), true);
  });
  left_out_ = static_cast<int64_t>(both.size());
  heed::check<heed::FileError>(!pairs.pairs.empty(), pairs.path, "must have sources that the validation file ",
                               options_.valid, " does not have, got none to train on");
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

int64_t PairsData::batches_in_epoch() const {
  return (static_cast<int64_t>(training_.size()) + options_.batch - 1) / options_.batch;
}

/// Shuffles, sorts by length within each kBucketBatches batches, and shuffles the batches.
void PairsData::order_epoch(int64_t epoch) {
  heed::Generator generator(options_.seed, kOrderStream + static_cast<uint64_t>(epoch));
  const size_t batch = static_cast<size_t>(options_.batch);
  std::vector<size_t> order(training_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  shuffle(order, generator);
  const auto length = [this](size_t i) { return std::pair(training_[i].source.size(), training_[i].target.size()); };
  for (size_t begin = 0; begin < order.size(); begin += kBucketBatches * batch) {
    const size_t end = std::min(begin + kBucketBatches * batch, order.size());
    std::stable_sort(order.begin() + static_cast<std::ptrdiff_t>(begin),
                     order.begin() + static_cast<std::ptrdiff_t>(end),
                     [&length](size_t a, size_t b) { return length(a) < length(b); });
  }
  // The last batch may be smaller, so it stays last.
  std::vector<size_t> batches(order.size() / batch);
  std::iota(batches.begin(), batches.end(), size_t{0});
  shuffle(batches, generator);
  order_ = order;
  for (size_t i = 0; i < batches.size(); ++i) {
    std::copy_n(order.begin() + static_cast<std::ptrdiff_t>(batches[i] * batch), batch,
                order_.begin() + static_cast<std::ptrdiff_t>(i * batch));
  }
  ordered_epoch_ = epoch;
}

std::vector<Example> PairsData::batch(int64_t step) {
  const int64_t epoch = step / batches_in_epoch();
  if (epoch != ordered_epoch_) {
    order_epoch(epoch);
  }
  const size_t begin = static_cast<size_t>((step % batches_in_epoch()) * options_.batch);
  const size_t end = std::min(begin + static_cast<size_t>(options_.batch), order_.size());
  std::vector<Example> examples;
  for (size_t i = begin; i < end; ++i) {
    examples.push_back(training_[order_[i]]);
  }
  return examples;
}

}  // namespace remember
