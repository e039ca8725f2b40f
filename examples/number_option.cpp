// Number options: see number_option.h.
#include "number_option.h"

#include <charconv>

namespace examples {

namespace {

template <class Number>
std::string kind() {
  return std::is_floating_point_v<Number> ? "a number"
         : std::is_unsigned_v<Number>     ? "a whole number of at least 0"
                                          : "a whole number";
}

/// The shortest text that is read back as the same number.
template <class Number>
std::string number_text(Number number) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

/// Returns what is wrong unless all of the text is a Number; else rewrites it, so that equal numbers are equal texts.
template <class Number>
std::string read_number(std::string& text, Number& number) {
  const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
  const auto [end, error] = std::from_chars(text.data() + (plus ? 1 : 0), text.data() + text.size(), number);
  const bool whole = end == text.data() + text.size() && !text.empty();
  if (error == std::errc() && whole) {
    text = number_text(number);
    return "";
  }
  const bool beyond = error == std::errc::result_out_of_range && whole;
  return "must be " + kind<Number>() + (beyond ? " that 64 bits can hold" : "") + ", got '" + text + "'";
}

/// CLI11 reads 010 as eight, and other forms depending on its version; so it only passes on the text.
template <class Number>
CLI::Option* add_number_text(CLI::App& app, const std::string& name, const std::function<void(Number)>& use,
                             const std::string& help) {
  const auto read = [use](std::string text) {
    Number number = 0;
    read_number(text, number);
    use(number);
  };
  const auto check = [](std::string& text) {
    Number number = 0;
    return read_number(text, number);
  };
  return app.add_option_function<std::string>(name, read, help)
      ->transform(CLI::Validator(check, ""))
      ->type_name(std::is_floating_point_v<Number> ? "X" : "N");
}

}  // namespace

template <class Number>
requires std::is_arithmetic_v<Number> CLI::Option* add_number(CLI::App& app, const std::string& name, Number& value,
                                                              const std::string& help) {
  const std::function<void(Number)> set = [&value](Number number) { value = number; };
  return add_number_text<Number>(app, name, set, help)->default_str(number_text(value));
}

template CLI::Option* add_number(CLI::App&, const std::string&, int64_t&, const std::string&);
template CLI::Option* add_number(CLI::App&, const std::string&, uint64_t&, const std::string&);
template CLI::Option* add_number(CLI::App&, const std::string&, double&, const std::string&);

CLI::Option* add_number(CLI::App& app, const std::string& name, const std::function<void(int64_t)>& use,
                        const std::string& help) {
  return add_number_text<int64_t>(app, name, use, help);
}

CLI::Validator between(int64_t low, int64_t high) {
  return {[low, high](std::string& text) {
            int64_t number = 0;
            read_number(text, number);
            return number >= low && number <= high ? std::string()
                                                   : "must be a whole number from " + std::to_string(low) + " to " +
                                                         std::to_string(high) + ", got " + text;
          },
          ""};
}

}  // namespace examples
