// The search over a batch: the live hypotheses of all sources are the rows of one decoder state.
#include "seq2seq/search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include <heed/autograd/grad_mode.h>
#include <heed/nn/core/evaluation_scope.h>
#include <heed/tensor/create.h>
#include <heed/tensor/elementwise.h>
#include <heed/tensor/error.h>
#include <heed/tensor/multinomial.h>
#include <heed/tensor/reduce.h>
#include <heed/tensor/view.h>

#include "seq2seq/decoder_run.h"
#include "seq2seq/decoding.h"
#include "seq2seq/rule_chain.h"

namespace heed::detail {
namespace {

constexpr double kImpossible = -std::numeric_limits<double>::infinity();

/// An unfinished hypothesis, which is row `rows.back()` of the latest step.
struct Prefix {
  size_t group = 0;  // which of the searches
  double log_probability = 0, score = 0;
  std::vector<int64_t> tokens;
  std::vector<int64_t> rows;  // its row in each step so far, where its attention weights are
};

struct Candidate {
  double score;
  int64_t row;
  int64_t token;
  bool operator<(const Candidate& other) const {
    return std::tie(other.score, row, token) < std::tie(score, other.row, other.token);
  }
};

/// What may be written next, one row a prefix.
struct Scores {
  Tensor log_p;       ///< of the model (rows, V)
  RuledScores ruled;  ///< what is chosen by
};

class Search {
 public:
  Search(const char* op, const Seq2Seq& model, const Tensor& source, const Tensor& lengths,
         const SearchOptions& options)
      : op_(op),
        tokens_(model.tokens()),
        options_(options),
        lengths_(lengths_or(lengths, source.size(0), source.size(1))),
        finished_(lengths_.size() * static_cast<size_t>(options.samples)),
        run_(model.encoder(), model.decoder(), source, lengths) {
    for (size_t group = 0; group < finished_.size(); ++group) {
      live_.push_back({group, 0, 0, {}, {}});
    }
    if (options.generator != nullptr) {
      begin_samples(options.generator->next());
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
  /// Each sample has a generator of its own, so that what is drawn for a source depends on no other.
  void begin_samples(uint64_t seed) {
    std::vector<int64_t> rows;
    for (const Prefix& prefix : live_) {
      const uint64_t sample = prefix.group % static_cast<size_t>(options_.samples);
      rows.push_back(static_cast<int64_t>(source_of(prefix)));
      generators_.emplace_back(seed, sample << 32U | source_of(prefix));
    }
    if (options_.samples > 1) {
      run_.select(index_tensor(rows));
    }
  }

  size_t source_of(const Prefix& prefix) const { return prefix.group / static_cast<size_t>(options_.samples); }

  void advance() {
    std::vector<int64_t> inputs;
    for (const Prefix& prefix : live_) {
      inputs.push_back(prefix.tokens.empty() ? tokens_.bos : prefix.tokens.back());
    }
    const DecoderStep step = run_.step(index_tensor(inputs));
    weights_.push_back(step.weights.defined() ? step.weights.value() : Tensor());
    const Tensor log_p = log_probabilities(op_, step.logits.value(), tokens_);
    const Scores scores{log_p, apply_rules(op_, options_.rules, log_p, context())};
    std::vector<Prefix> next;
    for (size_t first = 0; first < live_.size();) {
      size_t last = first;
      while (last < live_.size() && live_[last].group == live_[first].group) {
        ++last;
      }
      extend(first, last, scores, next);
      first = last;
    }
    if (!next.empty()) {
      reorder(next);
    }
    live_ = std::move(next);
  }

  DecodingContext context() const {
    DecodingContext context{{}, tokens_};
    for (const Prefix& prefix : live_) {
      context.prefixes.push_back({static_cast<int64_t>(source_of(prefix)), prefix.tokens});
    }
    return context;
  }

  /// Continues the prefixes first … last-1, which are those of one search.
  void extend(size_t first, size_t last, const Scores& scores, std::vector<Prefix>& next) {
    const Tensor& log_p = scores.ruled.log_p;
    const std::vector<Candidate> candidates =
        generators_.empty() ? best_continuations(first, last, log_p) : drawn_continuation(first, log_p);
    std::vector<Hypothesis>& done = finished_[live_[first].group];
    check(!candidates.empty() || !done.empty(), op_, "rule '", name_of(scores.ruled.closed_by[first]),
          "' forbids every symbol that is left after ", live_[first].tokens.size(), " symbols of source ",
          source_of(live_[first]));
    const size_t begin = next.size();
    const auto beam = static_cast<size_t>(options_.beam);
    for (size_t rank = 0; rank < candidates.size() && next.size() - begin < beam; ++rank) {
      const bool ends = candidates[rank].token == tokens_.eos;
      if (ends && rank >= beam) {
        continue;
      }
      Prefix continued = continuation(candidates[rank], scores.log_p);
      if (ends) {
        finish(continued, true);
      } else {
        continued.tokens.push_back(candidates[rank].token);
        next.push_back(std::move(continued));
      }
    }
    if (done.size() >= beam) {
      next.resize(begin);
    }
  }

  static std::string name_of(const DecodingRule* rule) { return rule == nullptr ? "" : rule->name; }

  /// The prefix with the candidate's score, but without its token.
  Prefix continuation(const Candidate& candidate, const Tensor& log_p) const {
    Prefix continued = live_[static_cast<size_t>(candidate.row)];
    continued.log_probability += log_p.at({candidate.row, candidate.token});
    continued.score = candidate.score;
    continued.rows.push_back(candidate.row);
    return continued;
  }

  /// The 2·beam best, best first: at most `beam` of them can end, so at least `beam` others go on.
  std::vector<Candidate> best_continuations(size_t first, size_t last, const Tensor& log_p) const {
    const int64_t symbols = log_p.size(1);
    std::vector<Candidate> candidates;
    candidates.reserve((last - first) * static_cast<size_t>(symbols));
    for (size_t row = first; row < last; ++row) {
      const double* scores = log_p.data<double>() + static_cast<int64_t>(row) * symbols;
      for (int64_t token = 0; token < symbols; ++token) {
        if (scores[token] > kImpossible) {
          candidates.push_back({live_[row].score + scores[token], static_cast<int64_t>(row), token});
        }
      }
    }
    const size_t wanted = std::min(candidates.size(), 2 * static_cast<size_t>(options_.beam));
    std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(wanted), candidates.end());
    candidates.resize(wanted);
    return candidates;
  }

  /// One symbol, drawn in proportion to the probabilities of a row; none where all are forbidden.
  std::vector<Candidate> drawn_continuation(size_t row, const Tensor& log_p) {
    const Tensor scores = heed::select(log_p, 0, static_cast<int64_t>(row));
    const double largest = max(scores, {0}).item();
    if (largest == kImpossible) {
      return {};
    }
    const auto token = multinomial(exp(scores - largest), 1, true, generators_[live_[row].group]).item<int64_t>();
    return {{live_[row].score + scores.at({token}), static_cast<int64_t>(row), token}};
  }

  /// Makes the rows of the state those of `next`.
  void reorder(const std::vector<Prefix>& next) {
    std::vector<int64_t> rows;
    bool same_sources = next.size() == live_.size(), same_rows = same_sources;
    for (size_t i = 0; i < next.size(); ++i) {
      rows.push_back(next[i].rows.back());
      same_sources = same_sources && next[i].group == live_[i].group;
      same_rows = same_rows && rows.back() == static_cast<int64_t>(i);
    }
    if (!same_rows) {
      run_.select(index_tensor(rows), same_sources);
    }
  }

  void finish(const Prefix& prefix, bool ended) {
    const auto length = static_cast<double>(prefix.tokens.size()) + (ended ? 1 : 0);
    Hypothesis hypothesis;
    hypothesis.tokens = prefix.tokens;
    hypothesis.ended = ended;
    hypothesis.log_probability = prefix.log_probability;
    hypothesis.score = prefix.score / std::pow((5 + length) / 6, options_.length_penalty);
    std::vector<Tensor> rows;
    for (size_t step = 0; step < prefix.rows.size() && weights_[step].defined(); ++step) {
      rows.push_back(heed::select(weights_[step], 0, prefix.rows[step]));
    }
    hypothesis.weights = attention_map(rows, lengths_[source_of(prefix)]);
    hypothesis.rows = prefix.rows;
    finished_[prefix.group].push_back(std::move(hypothesis));
  }

  const char* op_;
  const SpecialTokens& tokens_;
  const SearchOptions& options_;
  std::vector<int64_t> lengths_;
  std::vector<std::vector<Hypothesis>> finished_;  // of each search
  std::vector<Prefix> live_;                       // rows of run_, those of a search together
  DecoderRun run_;
  std::vector<Generator> generators_;  // of each search that draws
  std::vector<Tensor> weights_;        // of each step, (rows, S)
};

}  // namespace

std::vector<std::vector<Hypothesis>> search(const char* op, const Seq2Seq& model, const Tensor& source,
                                            const Tensor& source_lengths, const SearchOptions& options) {
  check_source(op, source);
  check(options.max_length >= 1, op, "max_length must be at least 1, got ", options.max_length);
  check_rules(op, options.rules);
  const EvaluationScope evaluation;
  const NoGrad no_grad;
  return Search(op, model, source, source_lengths, options).run();
}

}  // namespace heed::detail
