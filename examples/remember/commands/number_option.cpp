// Number options: see number_option.h.
#include "commands/number_option.h"

#include <charconv>

namespace remember {

namespace {

/// Refuses what is not, as a whole, a Number.
template <class Number>
CLI::Validator is_number(const std::string& kind) {
  return CLI::Validator(
      [kind](std::string& text) {
        Number number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool whole = error == std::errc() && end == text.data() + text.size();
        return whole ? std::string() : "must be " + kind + ", got '" + text + "'";
      },
      "");
}

}  // namespace

CLI::Validator whole_number() { return is_number<int64_t>("a whole number"); }

CLI::Option* add_number(CLI::App& app, const std::string& name, int64_t& value, const std::string& what) {
  return app.add_option(name, value, what)->check(whole_number())->type_name("N")->capture_default_str();
}

CLI::Option* add_number(CLI::App& app, const std::string& name, uint64_t& value, const std::string& what) {
  return app.add_option(name, value, what)
      ->check(is_number<uint64_t>("a whole number of at least 0"))
      ->type_name("N")
      ->capture_default_str();
}

CLI::Option* add_number(CLI::App& app, const std::string& name, double& value, const std::string& what) {
  return app.add_option(name, value, what)->check(is_number<double>("a number"))->type_name("X")->capture_default_str();
}

}  // namespace remember
