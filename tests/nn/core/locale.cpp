// What modules, optimisers and checkpoints say and write is the same under every locale.
#include <heed/autograd/elementwise.h>
#include <heed/autograd/gradcheck.h>
#include <heed/autograd/graph_dot.h>
#include <heed/autograd/reduce.h>
#include <heed/nn/core/checkpoint.h>
#include <heed/nn/core/linear.h>
#include <heed/nn/core/summary.h>
#include <heed/nn/optim/adam.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/file.h>

#include "support/catch.h"
#include "support/comma_locale.h"
#include "support/message.h"
#include "support/temporary_folder.h"

using namespace heed;

TEST_CASE("summaries, graphs and what does not fit are written the same under every locale") {
  Linear layer(1'234, 2);
  Linear other(2'345, 2);
  const Variable loss = sum(layer.forward(Variable(zeros({1, 1'234}))));
  const CommaLocale locale;
  CHECK(summary(layer).find("(2, 1234)  float32     2,468") != std::string::npos);
  CHECK(graph_dot(loss, layer.named_parameters()).find("(2, 1234)") != std::string::npos);
  const std::string problem = message_of([&] { layer.load_state_dict(other.state_dict()); });
  CHECK(problem.find("weight must be (2, 1234), got (2, 2345)") != std::string::npos);
  Adam small(layer, {.eps = 0.5});
  Adam large(layer, {.eps = 0.25});
  CHECK(message_of([&] {
          small.load_state_dict(large.state_dict());
        }).find("eps is 0.5, and the state was saved with 0.25") != std::string::npos);
}

TEST_CASE("a checkpoint has the same bytes under every locale, and is read under every one") {
  const TemporaryFolder folder;
  Linear layer(1'234, 2);
  Adam optimizer(layer, {.lr = 0.001});
  const Checkpoint checkpoint = capture(layer, &optimizer, {}, {.step = 1'234'567});
  save_checkpoint(folder.path("a.npz"), checkpoint);
  const CommaLocale locale;
  save_checkpoint(folder.path("b.npz"), checkpoint);
  CHECK((read_file(folder.path("a.npz")) == read_file(folder.path("b.npz"))));
  const Checkpoint loaded = load_checkpoint(folder.path("a.npz"));
  CHECK(loaded.progress.step == 1'234'567);
  restore(loaded, layer, &optimizer);
}

TEST_CASE("a wrong gradient is reported the same under every locale") {
  const auto check = [] {
    const auto detached = [](const std::vector<Variable>& inputs) {
      return std::vector<Variable>{inputs[0] * Variable(inputs[0].value())};
    };
    const GradcheckResult result = gradcheck(detached, {Variable(full({1'234, 1}, 0.5, DType::float64), true)});
    CHECK_FALSE(result);
    return result.message;
  };
  const std::string message = check();
  CHECK(message.find("(1234, 1), element 0: got ") != std::string::npos);
  const CommaLocale locale;
  CHECK(check() == message);
}

TEST_CASE("names that no checkpoint could hold are refused when they are registered") {
  struct Named : Module {
    explicit Named(const std::string& name) { register_module(name, part); }
    Linear part{1, 1};
  };
  CHECK(message_of<ValueError>([] { Named named("caf\xE9"); }) ==
        "Module: a name must be UTF-8 without control characters, got 'caf\\xE9'");
  CHECK(message_of<ValueError>([] { Named named("gate\tone"); }) ==
        "Module: a name must be UTF-8 without control characters, got 'gate\\x09one'");
  CHECK_THROWS_AS(Named(std::string("a\0b", 3)), ValueError);
  CHECK_NOTHROW(Named("größe"));
  const TemporaryFolder folder;
  const Named longest(std::string(70'000, 'a'));
  CHECK(message_of<ValueError>([&] {
          save_checkpoint(folder.path("a.npz"), capture(longest, nullptr));
        }).find("at most 65531 bytes, got 70013") != std::string::npos);
  CHECK(folder.names().empty());
}
