// Whole training runs, step for step beside PyTorch's: layers, loss, clipping and optimiser together.
#include <heed/autograd/backward.h>
#include <heed/autograd/softmax.h>
#include <heed/autograd/view.h>
#include <heed/nn/clip.h>
#include <heed/nn/embedding.h>
#include <heed/nn/gru.h>
#include <heed/nn/linear.h>
#include <heed/nn/lstm.h>
#include <heed/nn/rnn.h>
#include <heed/tensor/create.h>

#include "support/catch.h"
#include "support/conformance.h"
#include "support/conformance_optimizer.h"

using namespace heed;
using heed::test::conformance_cases;
using heed::test::ConformanceCase;

namespace {

/// Layers in order, named by their number.
class Chain : public Module {
 public:
  explicit Chain(const nlohmann::json& layers) {
    for (const nlohmann::json& layer : layers) {
      add(layer.at("name"), layer.at("args"));
      register_module(std::to_string(parts_.size() - 1), *parts_.back());
    }
  }
  Variable forward(Variable x) {
    for (const auto& step : steps_) {
      x = step(x);
    }
    return x;
  }

 private:
  template <class Layer, class... Arguments>
  Layer& make(Arguments&&... arguments) {
    auto layer = std::make_unique<Layer>(std::forward<Arguments>(arguments)...);
    Layer& made = *layer;
    parts_.push_back(std::move(layer));
    return made;
  }
  template <class Layer, class Options>
  void add_recurrent(const nlohmann::json& args) {
    Options options;
    options.num_layers = args.at("num_layers");
    options.bidirectional = args.at("bidirectional");
    options.batch_first = args.at("batch_first");
    Layer& layer = make<Layer>(args.at("input_size").get<int64_t>(), args.at("hidden_size").get<int64_t>(), options);
    steps_.emplace_back([&layer](const Variable& x) { return layer.forward(x).output; });
  }
  void add(const std::string& name, const nlohmann::json& args) {
    if (name == "LSTM") {
      add_recurrent<LSTM, LSTMOptions>(args);
    } else if (name == "GRU") {
      add_recurrent<GRU, GRUOptions>(args);
    } else if (name == "RNN") {
      add_recurrent<RNN, RNNOptions>(args);
    } else if (name == "Embedding") {
      auto& layer = make<Embedding>(args.at("num_embeddings").get<int64_t>(), args.at("embedding_dim").get<int64_t>());
      steps_.emplace_back([&layer](const Variable& x) { return layer.forward(x); });
    } else {
      REQUIRE(name == "Linear");
      auto& layer = make<Linear>(args.at("in_features").get<int64_t>(), args.at("out_features").get<int64_t>());
      steps_.emplace_back([&layer](const Variable& x) { return layer.forward(x); });
    }
  }

  std::vector<std::unique_ptr<Module>> parts_;
  std::vector<std::function<Variable(const Variable&)>> steps_;
};

/// Loads parameters, trains, and compares every loss and every final parameter.
void replay(const ConformanceCase& given, Chain& chain, Optimizer& optimizer) {
  const nlohmann::json& description = given.description();
  Tensor losses = zeros({description.at("steps").get<int64_t>()}, DType::float64);
  for (int64_t step = 0; step < losses.size(0); ++step) {
    const Variable logits = chain.forward(Variable(given.tensor("in.x." + std::to_string(step))));
    const Tensor target = given.tensor("in.target." + std::to_string(step));
    optimizer.zero_grad();
    const Variable loss = cross_entropy(flatten(logits, 0, 1), flatten(target, 0, 1));
    backward(loss);
    clip_grad_norm(chain.parameters(), description.at("clip_grad_norm"));
    optimizer.step();
    losses.mutable_data<double>()[step] = loss.item();
  }
  REQUIRE(given.difference("out.loss", losses) == "");
  for (const auto& [name, parameter] : chain.named_parameters()) {
    REQUIRE(given.difference("out.param." + name, parameter.value()) == "");
  }
}

}  // namespace

TEST_CASE("training takes the path that PyTorch's takes") {
  int replayed = 0;
  for (const std::string& path : conformance_cases("training.")) {
    const ConformanceCase given(path);
    Chain chain(given.description().at("layers"));
    chain.to(DType::float64);
    const nlohmann::json& optim = given.description().at("optim");
    const auto optimizer = test::make_optimizer(optim.at("name"), optim.at("args"), chain);
    if (optimizer == nullptr) {
      continue;
    }
    StateDict state;
    for (const std::string& name : given.members("param.")) {
      state.emplace_back(name, given.tensor("param." + name));
    }
    chain.load_state_dict(state);
    replay(given, chain, *optimizer);
    ++replayed;
  }
  REQUIRE(replayed >= 3);
}
