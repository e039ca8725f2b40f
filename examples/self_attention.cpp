// A walk through self-attention, every matrix printed: three words look at each other (Vaswani et al. 2017,
// section 3.2.1). The embeddings and projections are random, so the weights mean nothing yet; what is shown is how they
// come about.
#include <heed/heed.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "figure/heatmap.h"

namespace {

using namespace heed;
using Words = std::vector<std::string>;

Words split_words(const std::string& text) {
  std::istringstream stream(text);
  Words words;
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  return words;
}

/// A row a word, `columns` as headings where given; of wide rows the first and the last three numbers.
void print(const std::string& title, const Tensor& matrix, const Words& rows, const Words& columns = {}) {
  constexpr int64_t kEdge = 3;
  std::printf("\n%s %lld x %lld\n", title.c_str(), static_cast<long long>(matrix.size(0)),
              static_cast<long long>(matrix.size(1)));
  if (!columns.empty()) {
    std::printf("%12s", "");
    for (const std::string& column : columns) {
      std::printf("%12s", column.c_str());
    }
    std::printf("\n");
  }
  for (int64_t i = 0; i < matrix.size(0); ++i) {
    std::printf("%12s", rows[static_cast<size_t>(i)].c_str());
    for (int64_t j = 0; j < matrix.size(1); ++j) {
      const bool wide = columns.empty() && matrix.size(1) > 2 * kEdge + 1;
      if (!wide || j < kEdge || j >= matrix.size(1) - kEdge) {
        std::printf("%12.4f", matrix.at({i, j}));
      } else if (j == kEdge) {
        std::printf("%12s", "...");
      }
    }
    std::printf("\n");
  }
}

struct Options {
  std::string text = "Action gets results";
  int64_t model_size = 512;
  int64_t head_size = 64;
  uint64_t seed = 1;
  std::string out = "self_attention.png";
};

void walk(const Options& options) {
  const NoGrad no_grad;
  seed_default_generator(options.seed);
  const Words words = split_words(options.text);
  check(!words.empty(), "self_attention", "needs at least one word, got '", options.text, "'");
  const auto count = static_cast<int64_t>(words.size());

  std::printf(
      "\"%s\": each word is a vector of %lld numbers; three matrices turn it into a query, a key and a value of "
      "%lld.\n",
      options.text.c_str(), static_cast<long long>(options.model_size), static_cast<long long>(options.head_size));
  const Tensor embeddings = randn({count, options.model_size});
  Linear query_of(options.model_size, options.head_size, {.bias = false});
  Linear key_of(options.model_size, options.head_size, {.bias = false});
  Linear value_of(options.model_size, options.head_size, {.bias = false});
  for (Linear* projection : {&query_of, &key_of, &value_of}) {
    normal_(projection->weight(), 0, 2 / std::sqrt(static_cast<double>(options.model_size)));
  }
  const Tensor queries = query_of.forward(embeddings).value();
  const Tensor keys = key_of.forward(embeddings).value();
  const Tensor values = value_of.forward(embeddings).value();
  print("X, the embeddings:", embeddings, words);
  print("Q = X Wq, what each word asks for:", queries, words);
  print("K = X Wk, what each word offers:", keys, words);
  print("V = X Wv, what each word says:", values, words);

  const Tensor scores = matmul(queries, transpose(keys, 0, 1));
  print("Q Kt, the scores: how well the question of the row fits the offer of the column:", scores, words, words);

  const double root = std::sqrt(static_cast<double>(options.head_size));
  const Tensor scaled = scores / root;
  std::printf("\nA score adds up %lld products, so it varies sqrt(%lld) = %g times as much as one of them does.\n",
              static_cast<long long>(options.head_size), static_cast<long long>(options.head_size), root);
  std::ostringstream divided;
  divided << "Q Kt / " << root << ":";
  print(divided.str(), scaled, words, words);

  const Tensor weights = softmax(scaled, 1);
  print("softmax of each row, the weights: positive, and 1 in sum:", weights, words, words);
  print("sums of the rows:", sum(weights, {1}, true), words, {"sum"});

  const Tensor output = matmul(weights, values);
  print("weights V, the output: for each word a mixture of what all words say:", output, words);

  // The library's own layer does the same in one call.
  const auto batched = [](const Tensor& x) { return unsqueeze(x, 0); };
  const AttentionOutput layer =
      ScaledDotProductAttention(options.head_size).forward(batched(queries), batched(keys), Tensor());
  std::printf("\nlargest difference from heed::ScaledDotProductAttention's weights: %g\n",
              max(abs(layer.weights.value() - batched(weights))).item());

  figure::Heatmap map;
  map.title = "Self-attention";
  map.values = weights;
  map.row_title = "each word";
  map.column_title = "looks at";
  map.value_title = "weight";
  map.low = 0;
  map.high = 1;
  map.row_labels = words;
  map.column_labels = words;
  map.save(options.out);
  std::printf("picture: %s\n", options.out.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Self-attention for a few words, every matrix printed and the weights drawn.");
  Options options;
  app.add_option("--text", options.text, "words that look at each other")->capture_default_str();
  app.add_option("--model-size", options.model_size, "numbers in a word's vector")
      ->check(CLI::Range(1, 65536))
      ->capture_default_str();
  app.add_option("--head-size", options.head_size, "numbers in a query, key or value")
      ->check(CLI::Range(1, 65536))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "of embeddings and projections")->capture_default_str();
  app.add_option("--out", options.out, "the picture, .png or .svg")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (!options.out.ends_with(".png") && !options.out.ends_with(".svg")) {
    std::cerr << "self_attention: --out must end in .png or .svg, got " << options.out << '\n';
    return 2;
  }
  try {
    walk(options);
  } catch (const std::exception& error) {
    std::cerr << "self_attention: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
