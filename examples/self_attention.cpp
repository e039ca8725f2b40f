// Self-attention step by step, with every matrix printed: three words attend to each other (Vaswani et al. 2017,
// section 3.2.1). Embeddings and projections are random, so the weights have no meaning; the example shows how they are
// computed.
#include <heed/heed.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <locale>
#include <sstream>
#include <string>
#include <vector>

#include "figure/heatmap.h"
#include "number_option.h"
#include "standard_streams.h"

namespace {

using namespace heed;
using Words = std::vector<std::string>;

Words split_words(const std::string& text) {
  std::istringstream stream(text);
  stream.imbue(std::locale::classic());
  Words words;
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  return words;
}

/// One row per word, with headings if `columns` are given; of wide rows the first and last three numbers.
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

struct Projections {
  Tensor queries, keys, values;  // (words, head size)
};

Projections project(const Words& words, const Options& options) {
  std::printf(
      "\"%s\": each word is a vector of %lld numbers; three matrices turn it into a query, a key and a value of "
      "%lld.\n",
      options.text.c_str(), static_cast<long long>(options.model_size), static_cast<long long>(options.head_size));
  const Tensor embeddings = randn({static_cast<int64_t>(words.size()), options.model_size});
  Linear query_of(options.model_size, options.head_size, {.bias = false});
  Linear key_of(options.model_size, options.head_size, {.bias = false});
  Linear value_of(options.model_size, options.head_size, {.bias = false});
  for (Linear* projection : {&query_of, &key_of, &value_of}) {
    normal_(projection->weight(), 0, 2 / std::sqrt(static_cast<double>(options.model_size)));
  }
  Projections made = {query_of.forward(embeddings).value(), key_of.forward(embeddings).value(),
                      value_of.forward(embeddings).value()};
  print("X, the embeddings:", embeddings, words);
  print("Q = X Wq, what each word asks for:", made.queries, words);
  print("K = X Wk, what each word offers:", made.keys, words);
  print("V = X Wv, what each word says:", made.values, words);
  return made;
}

/// softmax(Q Kt / sqrt(D)), with every step printed.
Tensor attention_weights(const Words& words, const Projections& made) {
  const Tensor scores = matmul(made.queries, transpose(made.keys, 0, 1));
  print("Q Kt, the scores: how well the question of the row fits the offer of the column:", scores, words, words);

  const int64_t head_size = made.queries.size(1);
  const double root = std::sqrt(static_cast<double>(head_size));
  const Tensor scaled = scores / root;
  std::printf("\nA score adds up %lld products, so it varies sqrt(%lld) = %g times as much as one of them does.\n",
              static_cast<long long>(head_size), static_cast<long long>(head_size), root);
  TextStream divided;
  divided << "Q Kt / " << root << ":";
  print(divided.str(), scaled, words, words);

  const Tensor weights = softmax(scaled, 1);
  print("softmax of each row, the weights: positive, and 1 in sum:", weights, words, words);
  print("sums of the rows:", sum(weights, {1}, true), words, {"sum"});
  return weights;
}

/// The library's layer does the same in one call.
void compare_with_layer(const Projections& made, const Tensor& weights) {
  const auto batched = [](const Tensor& x) { return unsqueeze(x, 0); };
  const AttentionOutput layer =
      ScaledDotProductAttention(made.queries.size(1)).forward(batched(made.queries), batched(made.keys), Tensor());
  std::printf("\nlargest difference from heed::ScaledDotProductAttention's weights: %g\n",
              max(abs(layer.weights.value() - batched(weights))).item());
}

void draw(const Words& words, const Tensor& weights, const std::string& path) {
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
  map.save(path);
  std::printf("figure: %s\n", path.c_str());
}

void walk(const Options& options) {
  const NoGrad no_grad;
  seed_default_generator(options.seed);
  const Words words = split_words(options.text);
  const Projections made = project(words, options);
  const Tensor weights = attention_weights(words, made);
  print("weights V, the output: for each word a mixture of what all words say:", matmul(weights, made.values), words);
  compare_with_layer(made, weights);
  draw(words, weights, options.out);
}

/// What is wrong with the options besides what CLI11 checks; "" if nothing is.
std::string fault(const Options& options) {
  if (split_words(options.text).empty()) {
    return "--text: must be at least one word, got none";
  }
  if (!options.out.ends_with(".png") && !options.out.ends_with(".svg")) {
    return "--out: must end in .png or .svg, got '" + options.out + "'";
  }
  return "";
}

void add_options(CLI::App& app, Options& options) {
  const CLI::Range size(1, 65536);
  app.add_option("--text", options.text, "words that attend to each other")->type_name("TEXT")->capture_default_str();
  examples::add_number(app, "--model-size", options.model_size, "numbers in a word's vector")->check(size);
  examples::add_number(app, "--head-size", options.head_size, "numbers in a query, key or value")->check(size);
  examples::add_number(app, "--seed", options.seed, "seed of embeddings and projections");
  app.add_option("--out", options.out, "the figure, .png or .svg")->type_name("FILE")->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) {
  examples::open_standard_streams();
  CLI::App app("Self-attention for a few words, every matrix printed and the weights drawn.", "self_attention");
  Options options;
  add_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::cerr << "self_attention: " << error.what() << "\nself_attention --help lists the options\n";
    return 2;
  }
  if (const std::string wrong = fault(options); !wrong.empty()) {
    std::cerr << "self_attention: " << wrong << '\n';
    return 2;
  }
  try {
    walk(options);
  } catch (const std::exception& error) {
    std::cerr << "self_attention: " << error.what() << '\n';
    return 1;
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    std::cerr << "self_attention: the standard output cannot be written\n";
    return 1;
  }
  return 0;
}
