// The verdict on a comparison.
#include "report/verdict.h"

#include "support/catch.h"

using namespace remember;

namespace {

/// A converged run that was tested at 10, 20, its longest trained length, and 30.
RunResult verdict_run(const std::string& attention, uint64_t seed, int64_t at20) {
  RunResult run;
  run.model = attention == "none" ? "lstm" : "lstm+additive";
  run.options.model.attention = attention;
  run.options.model.hidden = 32;
  run.options.data.train_length = {5, 20};
  run.options.training.seed = seed;
  run.options.training.until = "plateau";
  run.converged = true;
  run.steps = 20'000;
  run.examples = 1'280'000;
  if (at20 >= 450) {
    run.reached = {{0.9, 0, 40'000, 1, 1}, {0.9, 20, 48'000 + 16'000 * static_cast<int64_t>(seed), 1, 1}};
  }
  for (const auto& [length, exact] : {std::pair{10, int64_t{450}}, {20, at20}, {30, int64_t{0}}}) {
    Score score;
    score.problems = 500;
    score.exact = exact;
    run.scores.push_back({{length, length}, score});
  }
  return run;
}

}  // namespace

TEST_CASE("the verdict tells what the vector remembers at its plateau, and how soon each learned") {
  const Verdict one = verdict({verdict_run("none", 1, 7), verdict_run("additive", 1, 498)});
  CHECK(one.shown);
  CHECK(one.text ==
        "At their plateau, on unseen strings: the fixed-length vector of lstm (32 units) writes at least half of the "
        "strings of up to 10 exactly, but not of 20. Of those of 20, the longest in training, it writes 1.4 %.\n"
        "With attention, lstm+additive writes 99.6 % of them exactly.\n"
        "How soon 90 % of them were exact: lstm+additive after 64,000 examples, lstm never in 1,280,000.");
  const Verdict three = verdict({verdict_run("none", 1, 5), verdict_run("none", 2, 10), verdict_run("additive", 1, 500),
                                 verdict_run("additive", 2, 498)});
  CHECK(three.shown);
  CHECK(three.text.find("it writes 1.5 % (1.0-2.0).") != std::string::npos);
  CHECK(three.text.find("lstm+additive after 64,000 to 80,000 examples") != std::string::npos);
}

TEST_CASE("the verdict says no when the promise is missed, and never compares what did not converge") {
  const RunResult forgets = verdict_run("none", 1, 7);
  const RunResult looks = verdict_run("additive", 1, 498);
  CHECK_FALSE(verdict({forgets, verdict_run("additive", 1, 494)}).shown);
  CHECK_FALSE(verdict({verdict_run("none", 1, 260), looks}).shown);
  CHECK_FALSE(verdict({looks}).shown);
  CHECK_FALSE(verdict({}).shown);
  RunResult cut = forgets;
  cut.converged = false;
  const Verdict alone = verdict({cut, looks});
  CHECK_FALSE(alone.shown);
  CHECK(alone.text.starts_with("nothing to compare"));
  CHECK(alone.text.ends_with("\nNot compared, since they may still improve: lstm (cut off at 20,000 steps)."));
  cut.model = "bilstm";
  const Verdict beside = verdict({forgets, cut, looks});
  CHECK(beside.shown);
  CHECK(beside.text.find("of lstm (32 units)") != std::string::npos);
  CHECK(beside.text.ends_with("bilstm (cut off at 20,000 steps)."));
  cut.scores[1].score.exact = 8;  // one more than the model at its plateau
  const Verdict straw = verdict({forgets, cut, looks});
  CHECK_FALSE(straw.shown);
  CHECK(
      straw.text.starts_with("not decided: bilstm, which did not converge, already writes 1.6 % of the strings of 20"));
}

TEST_CASE("a run that made all its steps is compared with none that converged") {
  RunResult fixed = verdict_run("none", 1, 7);
  fixed.converged = false;
  fixed.options.training.until = "steps";
  fixed.options.training.steps = fixed.steps;
  const Verdict found = verdict({fixed, verdict_run("additive", 1, 498)});
  CHECK_FALSE(found.shown);
  CHECK(found.text.ends_with("\nNot compared, since they may still improve: lstm (20,000 steps)."));
}

TEST_CASE("a difference smaller than the range over seeds is not called one") {
  const Verdict found = verdict({verdict_run("none", 1, 0), verdict_run("none", 2, 490),
                                 verdict_run("additive", 1, 500), verdict_run("additive", 2, 500)});
  CHECK_FALSE(found.shown);
  CHECK(found.text ==
        "no difference at length 20 beyond the range over seeds: lstm+additive 100.0 %, lstm 49.0 % "
        "(0.0-98.0).");
}
