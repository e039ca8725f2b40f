// LocationAttention: attention that remembers where it looked last, so that it can walk through a memory of any length.
#pragma once

#include <cstdint>

#include <heed/nn/attention/attention.h>

namespace heed {

/// A memory prepared for many steps.
struct LocationMemory {
  AttentionMemory content = {};  ///< what the content's scores are made of
  Variable targets = {};         ///< int64 (B, (2R + 1) · S): where each step from each position ends
  Variable marks = {};           ///< (B, 2, S): 1 at the first position; 1 at the last
};

/// Where the last step looked, and how far it had moved.
struct LocationState {
  Variable weights = {};  ///< (B, S), in rows of sum 1
  Variable shift =
      {};  ///< (B, 2R + 2), likewise, of distances -R … R and of "none yet", which is 1 before the first step
};

struct LocationOutput {
  Variable context;  ///< (B, M), Σ weights · memory
  LocationState state;
};

/// Where to look is a mixture of what the content says and of steps from where it looked last, p (B, S):
///
///   base_j     = g_stay · p_j + g_first · [j is the first position] + g_last · [j is the last]
///   mixed_j    = Σ_d k_d · base_(j-d) + g_content · softmax(e)_j, d = -R … R, e_j = v·tanh(W s + U h_j)
///   weights_j  = mixed_j² / Σ_i mixed_i²
///
/// where what would leave the memory stays at its end, and k and g are a softmax each of linear maps of
/// [s; (2R + 1) k'], s being the query and k' the last step's k, so that a rhythm of steps needs no state of the
/// decoder's, and is learned soon. Before the first step p is the softmax of `start` at the first and the last
/// position; at first g is nearly all of it for staying, so that a walk is tried before jumps are. The square
/// makes one place out of two that are nearly as likely: a walk stays a walk. Content, interpolation, shift and
/// sharpening are those of Graves, Wayne, Danihelka 2014, equations 5 to 9; the distance from where it looked last is
/// what Luong, Pham, Manning 2015, equation 10, and Dubois, Dagan, Hupkes, Bruni 2020 make use of. No part of the walk
/// depends on the length, on absolute positions or on the content: what is learned on short memories holds on long
/// ones. Parameters `content.query_proj.weight` (A, Q), `content.memory_proj.weight` (A, M),
/// `content.score_proj.weight` (1, A), `move_proj.weight` (2R + 5, Q + 2R + 2) and `move_proj.bias`, whose rows are k
/// and g (stay, first, last, content), and `start` (2), for first and last.
class LocationAttention : public Module {
 public:
  /// Throws ValueError for sizes or a reach below 1.
  LocationAttention(int64_t query_size, int64_t memory_size, int64_t attention_size, int64_t reach = 3);
  /// memory (B, S, M); mask: positions of it, (B, S), of which the hidden ones are at the end. Throws ShapeError,
  /// DTypeError, and ValueError for another mask.
  LocationMemory prepare(const Variable& memory, const Mask& mask = {}) const;
  /// Before the first step: the weights that `start` gives the first and the last position.
  LocationState start(const LocationMemory& prepared) const;
  /// query (B, Q), previous: what start() or the step before gave. Throws ShapeError.
  LocationOutput forward(const Variable& query, const LocationMemory& prepared, const LocationState& previous) const;

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
  Variable start_;
};

}  // namespace heed
