// random_graphs N SEED [FIRST]: checks N random programs, from number FIRST (0) on. Exits 1 when one has a wrong
// gradient, and says how it is made again; 2 for wrong usage.
#include <charconv>
#include <cstring>
#include <exception>
#include <iostream>
#include <set>

#include <heed/autograd/node.h>

#include "graphs/graph_check.h"

namespace {

using heed::test::GraphVerdict;
using heed::test::OpRow;
using heed::test::RandomProgram;

struct Counts {
  uint64_t programs = 0, operations = 0, kinks = 0, wrong = 0;
  std::set<std::string> names;
};

size_t names_of_table() {
  std::set<std::string> names;
  for (const OpRow& row : heed::test::all_rows()) {
    names.insert(row.name);
  }
  return names.size();
}

bool read(const char* text, uint64_t& number) {
  const char* end = text + std::strlen(text);
  const auto [stopped, error] = std::from_chars(text, end, number);
  return error == std::errc() && stopped == end && end != text;
}

GraphVerdict verdict_of(const RandomProgram& program, uint64_t seed) {
  try {
    return heed::test::check_graph(program, seed);
  } catch (const std::exception& error) {
    return {false, false, std::string("an error: ") + error.what()};
  }
}

void check(uint64_t seed, uint64_t number, Counts& counts) {
  const uint64_t own_seed = seed * 1'000'003 + number;
  const RandomProgram program(own_seed);
  const GraphVerdict verdict = verdict_of(program, own_seed);
  ++counts.programs;
  counts.operations += program.size();
  counts.kinks += verdict.kink ? 1 : 0;
  for (const OpRow* row : program.rows()) {
    counts.names.insert(row->name);
  }
  if (!verdict.ok) {
    ++counts.wrong;
    std::cout << "random_graphs 1 " << seed << ' ' << number << ": " << verdict.message << '\n' << program.text();
  }
}

}  // namespace

int main(int count, char** arguments) {
  uint64_t programs = 0, seed = 0, first = 0;
  const bool good = (count == 3 || count == 4) && read(arguments[1], programs) && read(arguments[2], seed) &&
                    (count == 3 || read(arguments[3], first));
  if (!good) {
    std::cerr << "usage: random_graphs N SEED [FIRST]\n";
    return 2;
  }
  Counts counts;
  for (uint64_t number = first; number < first + programs; ++number) {
    check(seed, number, counts);
  }
  std::cout << counts.programs << " programs of " << counts.operations << " operations, " << counts.names.size()
            << " of the table's " << names_of_table() << ": " << counts.wrong << " wrong, " << counts.kinks
            << " not differentiable where they were"
            << " looked at, " << heed::live_nodes() << " nodes left\n";
  const bool told = counts.kinks * 20 <= counts.programs;  // what is passed over must stay rare
  return counts.wrong == 0 && told && heed::live_nodes() == 0 ? 0 : 1;
}
