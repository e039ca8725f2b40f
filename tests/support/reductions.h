// One row for each reduction of floating numbers over a set of axes, for tensors and for Variables.
#pragma once

#include <algorithm>
#include <vector>

#include "support/lines.h"

namespace heed::test {

template <class X>
struct ReductionRow {
  const char* name;
  X (*some)(const X&, const Dims&, bool);
  X (*all)(const X&);
  Real (*value)(const Line&);
  bool needs_elements = false;  ///< nothing to choose from is an error
  const char* op() const { return name[0] == 'b' ? "var" : name; }
};

/// Also needs heed/tensor/reduce.h or heed/autograd/reduce.h.
template <class X>
std::vector<ReductionRow<X>> reductions() {
  using V = const X&;
  using D = const Dims&;
  return {
      {"sum", [](V x, D d, bool keep) { return sum(x, d, keep); }, [](V x) { return sum(x); }, sum_of},
      {"mean", [](V x, D d, bool keep) { return mean(x, d, keep); }, [](V x) { return mean(x); }, mean_of},
      {"var", [](V x, D d, bool keep) { return var(x, d, true, keep); }, [](V x) { return var(x); },
       [](const Line& x) { return spread_of(x) / std::max(Real{0}, static_cast<Real>(x.size()) - 1); }},
      {"biased var", [](V x, D d, bool keep) { return var(x, d, false, keep); }, nullptr,
       [](const Line& x) { return spread_of(x) / static_cast<Real>(x.size()); }},
      {"stddev", [](V x, D d, bool keep) { return stddev(x, d, true, keep); }, [](V x) { return stddev(x); },
       [](const Line& x) { return std::sqrt(spread_of(x) / std::max(Real{0}, static_cast<Real>(x.size()) - 1)); }},
      {"max", [](V x, D d, bool keep) { return max(x, d, keep); }, [](V x) { return max(x); },
       [](const Line& x) { return *std::max_element(x.begin(), x.end()); }, true},
      {"min", [](V x, D d, bool keep) { return min(x, d, keep); }, [](V x) { return min(x); },
       [](const Line& x) { return *std::min_element(x.begin(), x.end()); }, true},
      {"logsumexp", [](V x, D d, bool keep) { return logsumexp(x, d, keep); }, [](V x) { return logsumexp(x); },
       logsumexp_of},
  };
}

}  // namespace heed::test
