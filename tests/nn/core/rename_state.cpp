// Names of state dicts, and modules in and out of safetensors.
#include <heed/nn/core/linear.h>
#include <heed/nn/core/rename_state.h>
#include <heed/nn/recurrent/lstm.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/safetensors.h>

#include "support/catch.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using namespace heed;

TEST_CASE("renamed changes whole names and beginnings, the longest that fits") {
  const Tensor x = ones({1});
  const StateDict state = {{"h.0.w", x}, {"h.1.w", x}, {"head.weight", x}, {"other", x}};
  const StateDict result = renamed(state, {{"h.", "layers."}, {"h.1.", "last."}, {"head.weight", "output.weight"}});
  REQUIRE(result.size() == 4);
  CHECK(result[0].first == "layers.0.w");
  CHECK(result[1].first == "last.w");
  CHECK(result[2].first == "output.weight");
  CHECK(result[3].first == "other");
  CHECK(message_of<ValueError>([&] {
          renamed(state, {{"h", "x"}});
        }) == "renamed: 'h' fits no entry of the state dict");
  CHECK(message_of<ValueError>([&] {
          renamed(state, {{"h.0.w", "other"}});
        }) == "renamed: two entries would be named 'other'");
}

TEST_CASE("a module goes into a safetensors file and comes out of it") {
  const TemporaryFolder folder;
  LSTM from(3, 4, {.num_layers = 2}), to(3, 4, {.num_layers = 2});
  save_safetensors(folder.path("a.safetensors"), from.state_dict());
  to.load_state_dict(load_safetensors(folder.path("a.safetensors")));
  const StateDict expected = from.state_dict(), loaded = to.state_dict();
  for (size_t i = 0; i < expected.size(); ++i) {
    CHECK(loaded[i].second.to_vector<float>() == expected[i].second.to_vector<float>());
  }
  Linear small(3, 4);
  CHECK_THROWS_AS(small.load_state_dict(load_safetensors(folder.path("a.safetensors"))), ValueError);
}
