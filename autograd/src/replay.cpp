// A node whose backward computes a part of the graph anew and runs through it within the pass that called it.
#include <heed/autograd/detail/replay.h>

#include <set>
#include <unordered_set>
#include <utility>

#include <heed/autograd/detail/walk_graph.h>
#include <heed/autograd/grad_mode.h>
#include <heed/autograd/node.h>
#include <heed/tensor/error.h>

#include "backward_pass.h"
#include "variable_state.h"

namespace heed::detail {
namespace {

/// True for an output of a node from number `first` on.
bool is_inside(const Variable& x, uint64_t first) { return x.defined() && x.node() && x.node()->number() >= first; }

/// What the nodes from number `first` on behind `outputs` were computed from, each once: leaves that require gradients
/// and outputs of earlier nodes.
std::vector<Edge> sources_of(const std::vector<Variable>& outputs, uint64_t first) {
  std::vector<Edge> sources;
  std::unordered_set<const Node*> seen;
  std::set<std::pair<const void*, int64_t>> known;
  walk_graph(
      outputs, [&](const Node& node) { return node.number() >= first && seen.insert(&node).second; },
      [&](const Node& node) {
        for (const Edge& edge : node.edges()) {
          const void* const from = edge.leaf ? static_cast<const void*>(edge.leaf.get()) : edge.node.get();
          const bool is_inside = edge.node && edge.node->number() >= first;
          if (edge.exists() && !is_inside && known.emplace(from, edge.index).second) {
            sources.push_back(edge);
          }
        }
      });
  return sources;
}

/// A value that must be as it was.
class Unchanged {
 public:
  explicit Unchanged(const Pointer<VariableState>& state)
      : state_(state), value_(state->value), version_(state->value.version()) {}
  void check_in(const Node& node) const {
    check<GraphError>(state_->value.storage().same_as(value_.storage()) && value_.version() == version_, node.name(),
                      "a value of shape ", value_.shape(), " that it is computed anew from was changed afterwards");
  }

 private:
  Pointer<VariableState> state_;
  Tensor value_;
  uint64_t version_;
};

class ReplayNode final : public Node {
 public:
  ReplayNode(const char* name, std::vector<Edge> sources, uint64_t first, const std::vector<Variable>& inputs,
             std::function<std::vector<Variable>()> again)
      : Node(name, std::move(sources)), again_(std::move(again)) {
    for (const Edge& edge : edges()) {
      if (edge.leaf) {
        unchanged_.emplace_back(edge.leaf);
      }
    }
    for (const Variable& input : inputs) {
      if (input.defined() && !is_inside(input, first)) {
        unchanged_.emplace_back(Pointer<VariableState>::share(input.state()));
      }
    }
  }
  /// Which of what again() gives is each output of this node.
  void set_places(std::vector<size_t> places, size_t count) {
    places_ = std::move(places);
    count_ = count;
  }

  Gradients apply(const BackwardContext& context) override {
    for (const Unchanged& each : unchanged_) {
      each.check_in(*this);
    }
    const uint64_t first = next_node_number();
    const std::vector<Variable> outputs = recomputed();
    check<GraphError>(outputs.size() == count_, name(), "computed anew, there must be ", count_, " outputs, got ",
                      outputs.size());
    std::vector<Variable> roots, gradients;
    for (size_t i = 0; i < places_.size(); ++i) {
      if (!context.has_grad(static_cast<int64_t>(i))) {
        continue;
      }
      const Variable root = outputs[places_[i]];
      const bool fits = is_inside(root, first) && root.shape() == this->outputs()[i].shape &&
                        root.dtype() == this->outputs()[i].dtype;
      check<GraphError>(fits, name(), "computed anew, output ", places_[i], " is not what it was, of shape ",
                        this->outputs()[i].shape);
      roots.push_back(root);
      gradients.push_back(context.grad(static_cast<int64_t>(i)));
    }
    BackwardPass pass(std::move(roots), context.pass(), first);
    pass.run(std::move(gradients));
    return Gradients(edges().size());  // the pass has given them to leaves and earlier nodes
  }
  void release_saved() noexcept override {
    again_ = nullptr;
    unchanged_.clear();
  }
  bool has_saved() const noexcept override { return again_ != nullptr; }

 private:
  std::vector<Variable> recomputed() const {
    const GradMode recording(true);
    return again_();
  }

  std::function<std::vector<Variable>()> again_;
  std::vector<Unchanged> unchanged_;
  std::vector<size_t> places_;
  size_t count_ = 0;  // of all that again() gives
};

}  // namespace

std::vector<Variable> replayed(const char* name, const std::vector<Variable>& outputs, uint64_t first,
                               const std::vector<Variable>& inputs, std::function<std::vector<Variable>()> again) {
  std::vector<size_t> places;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (is_inside(outputs[i], first)) {
      places.push_back(i);
    }
  }
  std::vector<Variable> results = outputs;
  if (places.empty()) {
    return results;
  }
  auto* const made = new ReplayNode(name, sources_of(outputs, first), first, inputs, std::move(again));
  const auto node = NodePointer::adopt(made);
  for (const size_t place : places) {
    results[place] = node->add_output(outputs[place].value());
  }
  made->set_places(std::move(places), outputs.size());
  return results;
}

}  // namespace heed::detail
