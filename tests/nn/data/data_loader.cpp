// DataLoader: orders, epochs, buckets, prefetching, errors of its thread, and exact resume in the middle of an epoch.
#include <heed/nn/data/data_loader.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

#include <heed/nn/core/checkpoint.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/data/sequence_pair.h>
#include <heed/tensor/create.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

namespace heed {
namespace {

using Numbers = std::vector<int64_t>;

Dataset<int64_t> counted(int64_t size) {
  Numbers numbers(static_cast<size_t>(size));
  std::iota(numbers.begin(), numbers.end(), int64_t{0});
  return Dataset<int64_t>(numbers);
}

/// Lengths from 1 to 9 in no order.
std::vector<SequencePair> some_pairs(int64_t count) {
  Generator generator(5);
  std::vector<SequencePair> pairs;
  for (int64_t i = 0; i < count; ++i) {
    pairs.push_back({Numbers(static_cast<size_t>(1 + generator.below(9)), i),
                     Numbers(static_cast<size_t>(1 + generator.below(9)), i)});
  }
  return pairs;
}

template <class Loader>
std::vector<Numbers> take(Loader& loader, int64_t count) {
  std::vector<Numbers> batches;
  for (int64_t i = 0; i < count; ++i) {
    batches.push_back(loader.next());
  }
  return batches;
}

}  // namespace

TEST_CASE("with buckets and drop_last every example comes in some epoch") {
  std::vector<int64_t> lengths(103);
  std::iota(lengths.begin(), lengths.end(), int64_t{1});
  BatchSampler sampler(103, {.batch_size = 10, .shuffle = true, .drop_last = true, .bucket = 50}, lengths);
  std::set<int64_t> seen;
  for (int64_t step = 0; step < 10 * 20; ++step) {
    for (const int64_t index : sampler.batch(step)) {
      seen.insert(index);
    }
  }
  CHECK(seen.size() == 103);
}

TEST_CASE("a loader goes through the data in order, the last batch smaller, or dropped") {
  DataLoader loader(counted(7), {.batch_size = 3});
  CHECK(loader.batches() == 3);
  CHECK(take(loader, 4) == std::vector<Numbers>{{0, 1, 2}, {3, 4, 5}, {6}, {0, 1, 2}});
  CHECK(loader.epoch() == 1);
  CHECK(loader.position() == 1);
  DataLoader dropping(counted(7), {.batch_size = 3, .drop_last = true});
  CHECK(take(dropping, 3) == std::vector<Numbers>{{0, 1, 2}, {3, 4, 5}, {0, 1, 2}});
}

TEST_CASE("shuffled epochs have every example once, in orders that depend on seed and epoch") {
  const auto epochs = [](uint64_t seed) {
    DataLoader loader(counted(50), {.batch_size = 8, .shuffle = true, .seed = seed});
    std::vector<Numbers> orders;
    for (int epoch = 0; epoch < 2; ++epoch) {
      Numbers& order = orders.emplace_back();
      for (const Numbers& batch : loader) {
        order.insert(order.end(), batch.begin(), batch.end());
      }
      CHECK(std::set<int64_t>(order.begin(), order.end()).size() == 50);
      CHECK(order.size() == 50);
    }
    CHECK(loader.epoch() == 2);
    return orders;
  };
  const std::vector<Numbers> orders = epochs(1);
  CHECK(orders[0] != orders[1]);
  CHECK(epochs(1) == orders);
  CHECK(epochs(2)[0] != orders[0]);
}

TEST_CASE("a bucket puts examples of similar lengths together, and only the last batch of an epoch is smaller") {
  const std::vector<SequencePair> pairs = some_pairs(103);
  const auto padding = [&pairs](int64_t bucket) {
    DataLoader loader(
        pairs, {.batch_size = 10, .shuffle = true, .seed = 3, .bucket = bucket},
        [](const std::vector<SequencePair>& batch) { return pad_pairs(batch); }, lengths_of(pairs));
    int64_t places = 0, tokens = 0, batches = 0;
    for (const PaddedPairs& batch : loader) {
      ++batches;
      places += batch.source.tokens.numel();
      for (const int64_t length : batch.source.lengths.to_vector<int64_t>()) {
        tokens += length;
      }
      CHECK(batch.source.tokens.size(0) == (batches == 11 ? 3 : 10));
    }
    return places - tokens;
  };
  const int64_t without = padding(0), with = padding(50), small = padding(2);
  CHECK(with < without / 5);
  CHECK(small < without);
  CHECK(with < small);
}

TEST_CASE("buckets are sorted without shuffling too, and need a length per example") {
  DataLoader loader(counted(6), {.batch_size = 2, .bucket = 3}, [](const Numbers& batch) { return batch; },
                    {3, 1, 2, 3, 1, 2});
  CHECK(take(loader, 3) == std::vector<Numbers>{{1, 4}, {2, 5}, {0, 3}});
  CHECK(message_of<ValueError>([] { DataLoader(counted(6), {.bucket = 3}); }) ==
        "DataLoader: bucket needs one length per example, 6, got 0");
}

TEST_CASE("prefetching gives the same batches, over epochs and with every number ahead") {
  const auto batches = [](int64_t prefetch) {
    DataLoader loader(counted(23), {.batch_size = 4, .shuffle = true, .seed = 9, .prefetch = prefetch});
    return take(loader, 30);
  };
  const std::vector<Numbers> expected = batches(0);
  for (const int64_t prefetch : {1, 2, 100}) {
    CHECK(batches(prefetch) == expected);
  }
}

TEST_CASE("batches are made ahead on one other thread, as many as asked for") {
  std::atomic<int64_t> made = 0;
  std::set<std::thread::id> threads;
  {
    DataLoader loader(Dataset<int64_t>(kEndless,
                                       [&](int64_t index) {
                                         threads.insert(std::this_thread::get_id());
                                         ++made;
                                         return index;
                                       }),
                      {.prefetch = 3});
    CHECK(loader.next() == Numbers{0});
    for (int i = 0; i < 2000 && made < 4; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK(made == 4);
    CHECK(loader.next() == Numbers{1});
  }
  CHECK(threads.size() == 1);
  CHECK(!threads.contains(std::this_thread::get_id()));
}

TEST_CASE("a loader goes on exactly in the middle of an epoch from a checkpoint, with and without prefetching") {
  const TemporaryFolder folder;
  const std::string path = folder.path("last.npz");
  const std::vector<SequencePair> pairs = some_pairs(41);
  const auto sources = [](const std::vector<SequencePair>& batch) {
    Numbers numbers;
    for (const SequencePair& pair : batch) {
      numbers.push_back(pair.source.front());
    }
    return numbers;
  };
  for (const int64_t prefetch : {0, 2}) {
    for (const int64_t bucket : {0, 3}) {
      const DataLoaderOptions options = {
          .batch_size = 4, .shuffle = true, .seed = 7, .bucket = bucket, .prefetch = prefetch};
      DataLoader whole(pairs, options, sources, lengths_of(pairs));
      const std::vector<Numbers> expected = take(whole, 40);
      for (const int64_t stop : {0, 1, 10, 11, 15, 29}) {
        CAPTURE(prefetch, bucket, stop);
        Linear model(2, 2);
        {
          DataLoader first(pairs, options, sources, lengths_of(pairs));
          take(first, stop);
          save_checkpoint(path, capture(model, nullptr, {}, {.step = stop, .data = first.state_dict()}));
        }
        DataLoader second(pairs, options, sources, lengths_of(pairs));
        take(second, 2);  // what it has made ahead by then is thrown away
        second.load_state_dict(load_checkpoint(path).progress.data);
        CHECK(second.step() == stop);
        CHECK(take(second, 40 - stop) == std::vector<Numbers>(expected.begin() + stop, expected.end()));
      }
    }
  }
}

TEST_CASE("a loop that is left goes on with the next batch, and one epoch ends it") {
  DataLoader loader(counted(6), {.batch_size = 2, .prefetch = 1});
  for (const Numbers& batch : loader) {
    CHECK(batch == Numbers{0, 1});
    break;
  }
  std::vector<Numbers> rest;
  for (const Numbers& batch : loader) {
    rest.push_back(batch);
  }
  CHECK(rest == std::vector<Numbers>{{2, 3}, {4, 5}});
  CHECK(loader.epoch() == 1);
}

TEST_CASE("a state of a loader with other options or data is refused, each named, and changes nothing") {
  DataLoader saved(counted(10), {.batch_size = 2, .shuffle = true, .seed = 4});
  take(saved, 3);
  const StateDict state = saved.state_dict();
  DataLoader other(counted(12), {.batch_size = 2, .shuffle = true, .seed = 5});
  take(other, 1);
  CHECK(message_of<ValueError>([&] { other.load_state_dict(state); }) ==
        "DataLoader: the state is not of a loader with these options and data:\n"
        "  other: loader.size was 10, now it is 12\n  other: loader.seed was 4, now it is 5");
  CHECK(other.step() == 1);
  const std::string missing = message_of<ValueError>([&] { saved.load_state_dict(state, "test."); });
  CHECK(missing.find("missing: test.batch_size") != std::string::npos);
  CHECK(missing.find("missing: test.step, an int64") != std::string::npos);
  StateDict negative = state;
  for (auto& [name, value] : negative) {
    value = name == "loader.step" ? scalar(-1, DType::int64) : value;
  }
  CHECK(message_of<ValueError>([&] {
          saved.load_state_dict(negative);
        }).ends_with("other: loader.step must be from 0 to 2^53, got -1"));
  DataLoader prefetching(counted(10), {.batch_size = 2, .shuffle = true, .seed = 4, .prefetch = 2});
  prefetching.load_state_dict(state);  // how batches are made is no part of it
  CHECK(prefetching.step() == 3);
}

TEST_CASE("what the data throw reaches the caller at its batch, and the batch can be asked for again") {
  for (const int64_t prefetch : {0, 3}) {
    bool broken = true;
    DataLoader loader(Dataset<int64_t>(8,
                                       [&broken](int64_t index) {
                                         if (broken && index == 5) {
                                           throw std::runtime_error("example 5 cannot be read");
                                         }
                                         return index;
                                       }),
                      {.batch_size = 2, .prefetch = prefetch});
    CHECK(take(loader, 2) == std::vector<Numbers>{{0, 1}, {2, 3}});
    CHECK(message_of<std::runtime_error>([&] { loader.next(); }) == "example 5 cannot be read");
    CHECK(message_of<std::runtime_error>([&] { loader.next(); }) == "example 5 cannot be read");
    CHECK(loader.step() == 2);
    broken = false;
    CHECK(take(loader, 2) == std::vector<Numbers>{{4, 5}, {6, 7}});
  }
}

TEST_CASE("generated examples are a function of seed and index") {
  const auto draw = [](Generator& generator) { return generator.below(1000); };
  const Dataset<int64_t> endless = generated(3, draw), finite = generated(3, draw, 5);
  CHECK(endless.size() == kEndless);
  CHECK(endless[4] == finite[4]);
  CHECK(endless[4] == endless[4]);
  CHECK(endless[4] != endless[5]);
  CHECK(endless[4] != generated(4, draw)[4]);
  CHECK_THROWS_AS(finite[5], IndexError);
  DataLoader one(endless, {.batch_size = 3}), ahead(endless, {.batch_size = 3, .prefetch = 2});
  CHECK(take(one, 5) == take(ahead, 5));
  CHECK(one.epoch() == 0);
}

TEST_CASE("a loader refuses options and data that make no sense") {
  CHECK(message_of<ValueError>([] { DataLoader(counted(0)); }) ==
        "DataLoader: needs at least one example, the dataset is empty");
  CHECK(message_of<ValueError>([] { DataLoader(counted(3), {.batch_size = 0}); }) ==
        "DataLoader: batch_size must be at least 1, got 0");
  CHECK(message_of<ValueError>([] { DataLoader(counted(3), {.batch_size = 4, .drop_last = true}); }) ==
        "DataLoader: drop_last leaves no batch of 4 examples, the dataset has 3");
  CHECK(message_of<ValueError>([] { DataLoader(counted(3), {.prefetch = -1}); }) ==
        "DataLoader: prefetch must be at least 0, got -1");
  CHECK(message_of<ValueError>([] {
          DataLoader(Dataset<int64_t>(kEndless, [](int64_t i) { return i; }), {.shuffle = true});
        }) == "DataLoader: endless data have no order to shuffle or sort");
  CHECK_THROWS_AS(Dataset<int64_t>(-1, [](int64_t i) { return i; }), ValueError);
}

}  // namespace heed
