// LocationAttention: attention that remembers where it looked last, so that it can walk through a memory of any length.
#pragma once

#include <cstdint>

#include <heed/nn/attention.h>

namespace heed {

/// A memory made ready to be walked through.
struct LocationMemory {
  AttentionMemory content;  ///< with `mask` defined, all false where nothing is hidden
  Variable targets;         ///< int64 (B, (2R + 1) · S): where each step from each position ends
  Variable marks;           ///< (B, 3, S): 1 at the first position; 1 at the last; 1 / length at each
};

/// Where it looked last, and by which step it came there.
struct LocationState {
  Variable weights;  ///< (B, S), in rows of sum 1
  Variable shift;    ///< (B, 2R + 1), likewise, of distances -R … R; all 0 before the first step
};

struct LocationOutput {
  Variable context;  ///< (B, M), Σ weights · memory
  LocationState state;
};

/// Where to look is learned from the content and from the distance to where it looked last, p (B, S):
///
///   base_j   = g_stay · p_j + g_first · [j is the first position] + g_last · [j is the last]
///   l_j      = Σ_d k_d · base_(j-d) + g_any / length, d = -R … R; what would leave the memory stays at its end
///   weights  = softmax(a · e + γ · log(l + 1e-9)), e_j = v·tanh(W s + U h_j)
///
/// with k = softmax, g = softmax, a = sigmoid and γ = 1 + softplus of linear maps of [s; k'], s being the query and k'
/// the last step's k, so that a rhythm of steps needs no state of the decoder's. The walk by k is the shift and γ the
/// sharpening of Graves, Wayne, Danihelka 2014, equations 7 to 9; that content and distance meet as a sum of scores is
/// Luong, Pham, Manning 2015, equation 10, with a learned function of the distance (Dubois, Dagan, Hupkes, Bruni 2020)
/// from a place that need not be one position. No part of it depends on the length or on absolute positions: what is
/// learned on short memories holds on long ones. A walk starts at the first position. Parameters
/// `content.query_proj.weight` (A, Q), `content.memory_proj.weight` (A, M), `content.score_proj.weight` (1, A),
/// `move_proj.weight` (2R + 7, Q + 2R + 1) and `move_proj.bias`, whose rows are k, g (stay, first, last, any), a, γ.
class LocationAttention : public Module {
 public:
  /// Throws ValueError for sizes or a reach below 1.
  LocationAttention(int64_t query_size, int64_t memory_size, int64_t attention_size, int64_t reach = 3);
  /// memory (B, S, M), mask (B, S) bool, true = hidden, or undefined; what is not hidden must be one stretch from the
  /// first position on. Throws ShapeError, DTypeError, and ValueError for another mask.
  LocationMemory prepare(const Variable& memory, const Tensor& mask = Tensor());
  /// Before the first step: weight 1 at the first position.
  LocationState start(const LocationMemory& prepared) const;
  /// query (B, Q), previous: what start() or the step before gave. Throws ShapeError.
  LocationOutput forward(const Variable& query, const LocationMemory& prepared, const LocationState& previous);

  int64_t query_size() const { return query_size_; }
  int64_t memory_size() const { return content_.memory_size(); }
  int64_t reach() const { return reach_; }

 private:
  /// Additive attention whose two halves can be called apart.
  class Content : public AdditiveAttention {
   public:
    using AdditiveAttention::AdditiveAttention;
    using AdditiveAttention::scores;
  };

  int64_t query_size_;
  int64_t reach_;
  Content content_;
  Linear move_proj_;
};

}  // namespace heed
