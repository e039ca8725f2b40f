// RelativeAttention: scaled dot-product attention that knows how far each key is from the query.
#pragma once

#include <cstdint>

#include <heed/nn/attention/score_term.h>

namespace heed {

/// e_ij = q_i · (k_j + a^K_(j-i)) / √D and z_i = Σ_j softmax(e)_ij (v_j + a^V_(j-i)), where a distance beyond ±k counts
/// as ±k: Shaw, Uszkoreit, Vaswani 2018, equations 2 to 5. Parameters `key_positions` and `value_positions`
/// (2k + 1, D), row r for distance r - k; Xavier-uniform at first. The distances' part of scores and outputs is
/// computed once for each row, not for each pair: nothing of size T · S · D is held.
class RelativeAttention : public ScoreTerm {
 public:
  /// Throws ValueError unless head_size ≥ 1 and max_distance ≥ 0.
  RelativeAttention(int64_t head_size, int64_t max_distance);
  /// Gives weights also where they are not needed. Throws ShapeError, DTypeError.
  AttentionResult attend(const Variable& query, const Variable& key, const Variable& value, const Mask& mask,
                         int64_t first, const ScaledDotProductOptions& options) const override;

 private:
  Tensor rows_of_distances(int64_t targets, int64_t sources, int64_t first) const;

  int64_t max_distance_;
  Variable key_positions_, value_positions_;
};

}  // namespace heed
