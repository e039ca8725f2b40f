// Gradients of every layer, first and second, against differences, at random shapes; and that no layer is missing.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <heed/autograd/gradcheck.h>

#include "support/layer_table.h"
#include "support/random_sizes.h"
#include "support/reference.h"

namespace heed::test {
namespace {

/// Classes that cannot be made: what others derive from; and functions that hand a layer's output on.
const std::set<std::string> kAbstract{"AttendingDecoder", "Attention",      "Decoder",       "ElementwiseModule",
                                      "EmbeddingEncoder", "Encoder",        "OneStateCell",  "OneStateLayer",
                                      "RecurrentCell",    "RecurrentLayer", "ScoreTerm",     "TransformerLayer",
                                      "TransformerStack", "UnaryModule",    "give_to_hooks", "gradient_checkpoint"};
constexpr int64_t kShapes = 20;

/// The class or function of a row.
std::string subject(const LayerRow& row) { return row.name.substr(0, row.name.find(',')); }

struct RandomCase {
  LayerWidths widths;
  LayerSizes sizes;
  LayerLengths lengths;
};

/// Case `number` of a subject: widths of 1 … 5, batches of 0 … 6, steps of 0 … 4, lengths of 0 and more.
RandomCase random_case(const LayerRow& row, int64_t number) {
  RandomSizes random(subject(row), number);
  RandomCase result;
  result.widths = {random.positive(), random.positive(3), 1 + random.below(2)};
  if (row.even_features) {
    result.widths.input = 2 * random.positive(2);
  }
  result.sizes = {number == 3 ? 0 : random.any(6), std::max(row.least_steps, random.any(4)),
                  std::max(row.least_steps, random.any(4))};
  if (!row.hides.empty() && random.chance(2)) {
    const auto draw = [&](int64_t longest) {
      std::vector<int64_t> lengths;
      for (int64_t b = 0; b < result.sizes.batch; ++b) {
        lengths.push_back(random.below(longest + 1));
      }
      return from_vector<int64_t>(lengths, {result.sizes.batch});
    };
    result.lengths = {draw(result.sizes.targets), draw(result.sizes.sources)};
  }
  return result;
}

std::string title(const LayerRow& row, const RandomCase& one) {
  std::ostringstream text;
  text << row.name << ": input " << one.widths.input << ", hidden " << one.widths.hidden << ", heads "
       << one.widths.heads << "; B " << one.sizes.batch << ", T " << one.sizes.targets << ", S " << one.sizes.sources;
  return text.str();
}

/// Cases of all rows of a subject in turn: kShapes different ones at least of each subject, and 4 of each row.
template <class F>
void for_each_case(const F& f) {
  std::map<std::string, std::vector<const LayerRow*>> subjects;
  for (const LayerRow& row : layer_rows()) {
    subjects[subject(row)].push_back(&row);
  }
  for (const auto& [name, rows] : subjects) {
    const auto count = static_cast<int64_t>(rows.size());
    for (int64_t number = 0; number < std::max(kShapes + 12, 4 * count); ++number) {
      f(*rows[static_cast<size_t>(number % count)], number);
    }
  }
}

using Check = GradcheckResult (*)(const VariableFunction&, const Variables&, const GradcheckOptions&);

void check_gradients(Check check, int64_t elements) {
  for_each_case([&](const LayerRow& row, int64_t number) {
    const RandomCase one = random_case(row, number);
    INFO(title(row, one));
    const LayerUse use = row.use(one.widths);
    const auto layer = made(use, 3, DType::float64);
    const Variables inputs = random_inputs(use, one.sizes, static_cast<uint32_t>(100 + number), DType::float64);
    Variables moved = inputs;
    for (const Variable& parameter : layer->parameters()) {
      moved.push_back(parameter);
    }
    const auto function = [&](const Variables& leaves) {
      const Variables leading(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(inputs.size()));
      return use.forward(*layer, leading, one.lengths);
    };
    const GradcheckResult result = check(function, moved, {.in_place = true, .elements = elements});
    CAPTURE(result.message);
    CHECK(result.ok);
  });
}

TEST_CASE("every layer's gradients are those of differences") { check_gradients(&gradcheck, 6); }

TEST_CASE("every layer's gradients of gradients are those of differences") { check_gradients(&gradgradcheck, 2); }

TEST_CASE("every layer is tested at 20 random shapes or more, with sizes of 0 and of 1") {
  std::map<std::string, std::set<std::vector<int64_t>>> cases;
  for_each_case([&](const LayerRow& row, int64_t number) {
    const RandomCase one = random_case(row, number);
    std::vector<int64_t> sizes;
    const LayerUse use = row.use(one.widths);
    for (const Port& port : use.inputs) {
      const Shape shape = port.shape(one.sizes);
      sizes.insert(sizes.end(), shape.begin(), shape.end());
    }
    sizes.push_back(one.widths.hidden);
    cases[subject(row)].insert(sizes);
  });
  for (const auto& [name, sizes] : cases) {
    CAPTURE(name, sizes.size());
    CHECK(static_cast<int64_t>(sizes.size()) >= kShapes);
    for (const int64_t wanted : {0, 1, 3}) {
      CAPTURE(wanted);
      CHECK(std::any_of(sizes.begin(), sizes.end(),
                        [&](const auto& each) { return std::count(each.begin(), each.end(), wanted) > 0; }));
    }
  }
}

/// Names that public headers declare: classes that derive from Module, directly or not, and functions of Variables.
std::set<std::string> declared() {
  const std::regex derived(R"(^class (\w+)(?: final)? : public (\w+))"), function(R"(^Variable (\w+)\()");
  const std::regex elementwise(R"(^using (\w+) = ElementwiseModule<)");
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(HEED_NN_HEADERS)) {
    std::ifstream header(entry.path());
    for (std::string line; std::getline(header, line);) {
      std::smatch match;
      if (std::regex_search(line, match, function) || std::regex_search(line, match, elementwise) ||
          (std::regex_search(line, match, derived) && match[2] != "Optimizer" && match[2] != "Adam")) {
        names.insert(match[1]);
      }
    }
  }
  return names;
}

TEST_CASE("every public layer and function of layers is in the table") {
  std::set<std::string> tested;
  for (const LayerRow& row : layer_rows()) {
    tested.insert(subject(row));
  }
  const std::set<std::string> names = declared();
  CHECK(names.size() > 40);
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(tested.contains(name) != kAbstract.contains(name));
  }
}

}  // namespace
}  // namespace heed::test
