// onednn_worker: oneDNN's LSTM primitive, forward and backward. Weights go into its own layout at each run, since
// training changes them at each step; their gradients come back in the plain one.
#include <cmath>
#include <cstring>
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

#include "worker/serve.h"
#include "worker/shared_data.h"

namespace heed::bench {
namespace {

using dnnl::memory;
using Format = memory::format_tag;

memory::desc desc(const memory::dims& shape, Format format) { return {shape, memory::data_type::f32, format}; }

class LSTMLayer : public Job {
 public:
  LSTMLayer(int64_t steps, int64_t batch, int64_t hidden)
      : sequence_{steps, batch, hidden}, matrix_{1, 1, hidden, 4, hidden}, bias_{1, 1, 4, hidden} {
    const auto any_matrix = desc(matrix_, Format::any), bias = desc(bias_, Format::ldgo), none = memory::desc();
    const auto sequence = desc(sequence_, Format::tnc), state = desc({1, 1, batch, hidden}, Format::ldnc);
    const auto one_way = dnnl::rnn_direction::unidirectional_left2right;
    // The first states are given although they are zeros: without them gradients come out wrong in version 2.6.
    const dnnl::lstm_forward::desc forward(dnnl::prop_kind::forward_training, one_way, sequence, state, state,
                                           any_matrix, any_matrix, bias, sequence, none, none);
    const dnnl::lstm_backward::desc backward(dnnl::prop_kind::backward, one_way, sequence, state, state, any_matrix,
                                             any_matrix, bias, sequence, none, none, sequence, state, state, any_matrix,
                                             any_matrix, bias, sequence, none, none);
    forward_ = {forward, engine_};
    backward_ = {backward, engine_, forward_};
    run_forward_ = dnnl::lstm_forward(forward_);
    run_backward_ = dnnl::lstm_backward(backward_);
    make_memories();
    for (memory* start : {&h_, &c_, &grad_h_, &grad_c_}) *start = make(state);
    clear(h_), clear(c_);
    fill(hidden);
  }

  void run() override {
    reorder(weights_layer_, packed_layer_);
    reorder(weights_iter_, packed_iter_);
    run_forward_.execute(stream_, {{DNNL_ARG_SRC_LAYER, x_},
                                   {DNNL_ARG_SRC_ITER, h_},
                                   {DNNL_ARG_SRC_ITER_C, c_},
                                   {DNNL_ARG_WEIGHTS_LAYER, packed_layer_},
                                   {DNNL_ARG_WEIGHTS_ITER, packed_iter_},
                                   {DNNL_ARG_BIAS, bias_values_},
                                   {DNNL_ARG_DST_LAYER, output_},
                                   {DNNL_ARG_WORKSPACE, workspace_}});
    // The primitive adds to gradients of weights.
    for (memory* gradient : {&grad_layer_, &grad_iter_, &grad_bias_}) clear(*gradient);
    reorder(weights_layer_, backward_layer_);
    reorder(weights_iter_, backward_iter_);
    run_backward_.execute(stream_, arguments_of_backward());
    reorder(grad_layer_, plain_grad_layer_);
    reorder(grad_iter_, plain_grad_iter_);
    stream_.wait();
  }

  double result() const override {
    const auto* values = static_cast<const float*>(plain_grad_iter_.get_data_handle());
    double total = 0;
    for (int64_t i = 0; i < 4 * matrix_[2] * matrix_[4]; ++i) total += std::abs(static_cast<double>(values[i]));
    return total;
  }

 private:
  void make_memories() {
    const auto plain = desc(matrix_, Format::ldigo);
    for (memory* sequence : {&x_, &output_, &grad_x_, &grad_output_}) *sequence = make(desc(sequence_, Format::tnc));
    for (memory* matrix : {&weights_layer_, &weights_iter_, &plain_grad_layer_, &plain_grad_iter_}) {
      *matrix = make(plain);
    }
    for (memory* bias : {&bias_values_, &grad_bias_}) *bias = make(desc(bias_, Format::ldgo));
    packed_layer_ = make(forward_.weights_layer_desc()), packed_iter_ = make(forward_.weights_iter_desc());
    backward_layer_ = make(backward_.weights_layer_desc()), backward_iter_ = make(backward_.weights_iter_desc());
    grad_layer_ = make(backward_.diff_weights_layer_desc()), grad_iter_ = make(backward_.diff_weights_iter_desc());
    workspace_ = make(forward_.workspace_desc());
  }

  /// The values of the other workers, whose matrices are (4H, H).
  void fill(int64_t hidden) {
    const int64_t elements = sequence_[0] * sequence_[1] * sequence_[2];
    set(x_, random_values(1, elements));
    set(grad_output_, random_values(6, elements));
    const auto transposed = [hidden](uint64_t seed) {
      const std::vector<float> values = random_values(seed, 4 * hidden * hidden, -0.1f, 0.1f);
      std::vector<float> plain(values.size());
      for (int64_t row = 0; row < 4 * hidden; ++row) {
        for (int64_t i = 0; i < hidden; ++i) {
          plain[static_cast<size_t>(i * 4 * hidden + row)] = values[static_cast<size_t>(row * hidden + i)];
        }
      }
      return plain;
    };
    set(weights_layer_, transposed(2));
    set(weights_iter_, transposed(3));
    std::vector<float> bias = random_values(4, 4 * hidden, -0.1f, 0.1f);
    const std::vector<float> other = random_values(5, 4 * hidden, -0.1f, 0.1f);
    for (size_t i = 0; i < bias.size(); ++i) bias[i] += other[i];
    set(bias_values_, bias);
  }

  std::unordered_map<int, memory> arguments_of_backward() const {
    return {{DNNL_ARG_SRC_LAYER, x_},
            {DNNL_ARG_SRC_ITER, h_},
            {DNNL_ARG_SRC_ITER_C, c_},
            {DNNL_ARG_DIFF_SRC_ITER, grad_h_},
            {DNNL_ARG_DIFF_SRC_ITER_C, grad_c_},
            {DNNL_ARG_WEIGHTS_LAYER, backward_layer_},
            {DNNL_ARG_WEIGHTS_ITER, backward_iter_},
            {DNNL_ARG_BIAS, bias_values_},
            {DNNL_ARG_DST_LAYER, output_},
            {DNNL_ARG_WORKSPACE, workspace_},
            {DNNL_ARG_DIFF_SRC_LAYER, grad_x_},
            {DNNL_ARG_DIFF_WEIGHTS_LAYER, grad_layer_},
            {DNNL_ARG_DIFF_WEIGHTS_ITER, grad_iter_},
            {DNNL_ARG_DIFF_BIAS, grad_bias_},
            {DNNL_ARG_DIFF_DST_LAYER, grad_output_}};
  }

  memory make(const memory::desc& description) { return memory(description, engine_); }
  static void clear(memory& target) { std::memset(target.get_data_handle(), 0, target.get_desc().get_size()); }
  static void set(memory& target, const std::vector<float>& values) {
    std::memcpy(target.get_data_handle(), values.data(), values.size() * sizeof(float));
  }
  void reorder(memory& from, memory& to) { dnnl::reorder(from, to).execute(stream_, from, to); }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  memory::dims sequence_, matrix_, bias_;
  dnnl::lstm_forward::primitive_desc forward_;
  dnnl::lstm_backward::primitive_desc backward_;
  dnnl::lstm_forward run_forward_;
  dnnl::lstm_backward run_backward_;
  memory x_, output_, grad_x_, grad_output_, workspace_;
  memory h_, c_, grad_h_, grad_c_;
  memory weights_layer_, weights_iter_, plain_grad_layer_, plain_grad_iter_;  // as the user has them
  memory packed_layer_, packed_iter_, backward_layer_, backward_iter_;        // as the primitives want them
  memory bias_values_, grad_bias_, grad_layer_, grad_iter_;
};

std::unique_ptr<Job> make_lstm(const Words& words) {
  if (words[0] != "lstm" || words.size() != 4) return nullptr;
  return std::make_unique<LSTMLayer>(number_of(words[1]), number_of(words[2]), number_of(words[3]));
}

}  // namespace
}  // namespace heed::bench

int main(int argc, char** argv) { return heed::bench::serve(argc, argv, {heed::bench::make_lstm}); }
