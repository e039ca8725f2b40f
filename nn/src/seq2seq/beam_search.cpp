// Beam search over a batch: the live hypotheses of all sources are the rows of one decoder state.
#include <heed/nn/seq2seq/beam_search.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include <heed/autograd/grad_mode.h>
#include <heed/tensor/create.h>
#include <heed/tensor/error.h>
#include <heed/tensor/view.h>

#include "seq2seq/decoder_run.h"
#include "seq2seq/decoding.h"

namespace heed {
namespace {

/// An unfinished hypothesis, which is row `rows.back()` of the latest step.
struct Prefix {
  int64_t source = 0;
  double log_probability = 0;
  std::vector<int64_t> tokens;
  std::vector<int64_t> rows;  // its row in each step so far, where its attention weights are
};

struct Candidate {
  double log_probability;
  int64_t row;
  int64_t token;
  bool operator<(const Candidate& other) const {
    return std::tie(other.log_probability, row, token) < std::tie(log_probability, other.row, other.token);
  }
};

class Search {
 public:
  Search(const char* op, const Seq2Seq& model, const Tensor& source, const Tensor& lengths, const BeamOptions& options)
      : op_(op),
        tokens_(model.tokens()),
        options_(options),
        lengths_(detail::lengths_or(lengths, source.size(0), source.size(1))),
        finished_(lengths_.size()),
        run_(model.encoder(), model.decoder(), source, lengths) {
    for (size_t i = 0; i < lengths_.size(); ++i) {
      live_.push_back({static_cast<int64_t>(i), 0, {}, {}});
    }
  }

  std::vector<std::vector<Hypothesis>> run() {
    for (int64_t length = 0; length < options_.max_length && !live_.empty(); ++length) {
      advance();
    }
    for (const Prefix& cut_off : live_) {
      finish(cut_off, false);
    }
    for (std::vector<Hypothesis>& hypotheses : finished_) {
      std::stable_sort(hypotheses.begin(), hypotheses.end(), [](const Hypothesis& a, const Hypothesis& b) {
        return std::tuple(!a.ended, -a.score) < std::tuple(!b.ended, -b.score);
      });
      hypotheses.resize(std::min(hypotheses.size(), static_cast<size_t>(options_.n_best)));
    }
    return std::move(finished_);
  }

 private:
  void advance() {
    std::vector<int64_t> inputs;
    for (const Prefix& prefix : live_) {
      inputs.push_back(prefix.tokens.empty() ? tokens_.bos : prefix.tokens.back());
    }
    const DecoderStep step = run_.step(detail::index_tensor(inputs));
    const Tensor log_p = detail::log_probabilities(op_, step.logits.value(), tokens_);
    weights_.push_back(step.weights.defined() ? step.weights.value() : Tensor());
    std::vector<Prefix> next;
    for (size_t first = 0; first < live_.size();) {
      size_t last = first;
      while (last < live_.size() && live_[last].source == live_[first].source) {
        ++last;
      }
      extend(first, last, log_p, next);
      first = last;
    }
    if (!next.empty()) {
      reorder(next);
    }
    live_ = std::move(next);
  }

  /// Continues the prefixes first … last-1, which are those of one source.
  void extend(size_t first, size_t last, const Tensor& log_p, std::vector<Prefix>& next) {
    const std::vector<Candidate> candidates = best_continuations(first, last, log_p);
    std::vector<Hypothesis>& done = finished_[static_cast<size_t>(live_[first].source)];
    const size_t begin = next.size();
    const auto beam = static_cast<size_t>(options_.beam);
    for (size_t rank = 0; rank < candidates.size() && next.size() - begin < beam; ++rank) {
      const Candidate& candidate = candidates[rank];
      const bool ends = candidate.token == tokens_.eos;
      if (ends && rank >= beam) {
        continue;
      }
      Prefix continued = live_[static_cast<size_t>(candidate.row)];
      continued.log_probability = candidate.log_probability;
      continued.rows.push_back(candidate.row);
      if (ends) {
        finish(continued, true);
      } else {
        continued.tokens.push_back(candidate.token);
        next.push_back(std::move(continued));
      }
    }
    if (done.size() >= beam) {
      next.resize(begin);
    }
  }

  /// The 2·beam best, best first: at most `beam` of them can end, so at least `beam` others go on.
  std::vector<Candidate> best_continuations(size_t first, size_t last, const Tensor& log_p) const {
    const int64_t symbols = log_p.size(1);
    std::vector<Candidate> candidates;
    candidates.reserve((last - first) * static_cast<size_t>(symbols));
    for (size_t row = first; row < last; ++row) {
      const double* scores = log_p.data<double>() + static_cast<int64_t>(row) * symbols;
      for (int64_t token = 0; token < symbols; ++token) {
        if (scores[token] > -std::numeric_limits<double>::infinity()) {
          candidates.push_back({live_[row].log_probability + scores[token], static_cast<int64_t>(row), token});
        }
      }
    }
    const size_t wanted = std::min(candidates.size(), 2 * static_cast<size_t>(options_.beam));
    std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(wanted), candidates.end());
    candidates.resize(wanted);
    return candidates;
  }

  /// Makes the rows of the state those of `next`.
  void reorder(const std::vector<Prefix>& next) {
    std::vector<int64_t> rows;
    bool same_sources = next.size() == live_.size(), same_rows = same_sources;
    for (size_t i = 0; i < next.size(); ++i) {
      rows.push_back(next[i].rows.back());
      same_sources = same_sources && next[i].source == live_[i].source;
      same_rows = same_rows && rows.back() == static_cast<int64_t>(i);
    }
    if (!same_rows) {
      run_.select(detail::index_tensor(rows), same_sources);
    }
  }

  void finish(const Prefix& prefix, bool ended) {
    const auto source = static_cast<size_t>(prefix.source);
    const auto length = static_cast<double>(prefix.tokens.size()) + (ended ? 1 : 0);
    Hypothesis hypothesis;
    hypothesis.tokens = prefix.tokens;
    hypothesis.ended = ended;
    hypothesis.log_probability = prefix.log_probability;
    hypothesis.score = prefix.log_probability / std::pow((5 + length) / 6, options_.length_penalty);
    std::vector<Tensor> rows;
    for (size_t step = 0; step < prefix.rows.size() && weights_[step].defined(); ++step) {
      rows.push_back(select(weights_[step], 0, prefix.rows[step]));
    }
    hypothesis.weights = detail::attention_map(rows, lengths_[source]);
    hypothesis.rows = prefix.rows;
    finished_[source].push_back(std::move(hypothesis));
  }

  const char* op_;
  const SpecialTokens& tokens_;
  const BeamOptions& options_;
  std::vector<int64_t> lengths_;
  std::vector<std::vector<Hypothesis>> finished_;
  std::vector<Prefix> live_;  // rows of run_, those of a source together
  detail::DecoderRun run_;
  std::vector<Tensor> weights_;  // of each step, (rows, S)
};

}  // namespace

namespace detail {

std::vector<std::vector<Hypothesis>> search(const char* op, const Seq2Seq& model, const Tensor& source,
                                            const Tensor& source_lengths, const BeamOptions& options) {
  check_source(op, source);
  check(options.max_length >= 1, op, "max_length must be at least 1, got ", options.max_length);
  check(options.beam >= 1, op, "beam must be at least 1, got ", options.beam);
  check(options.n_best >= 1 && options.n_best <= options.beam, op, "n_best must be in 1 … beam (", options.beam,
        "), got ", options.n_best);
  check(std::isfinite(options.length_penalty) && options.length_penalty >= 0, op,
        "length_penalty must be finite and at least 0, got ", options.length_penalty);
  const EvaluationScope evaluation;
  const NoGrad no_grad;
  return Search(op, model, source, source_lengths, options).run();
}

}  // namespace detail

std::vector<std::vector<Hypothesis>> beam_search(const Seq2Seq& model, const Tensor& source,
                                                 const Tensor& source_lengths, const BeamOptions& options) {
  return detail::search("beam_search", model, source, source_lengths, options);
}

}  // namespace heed
