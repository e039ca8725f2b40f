// Options that are on or off: see switch_option.h.
#include "commands/switch_option.h"

#include <algorithm>

namespace remember {

CLI::Option* add_switch(CLI::App& app, const std::string& name, bool& value, const std::string& what) {
  const auto check = [](std::string& text) {
    return text == "true" || text == "false" ? std::string() : "must be true or false, got '" + text + "'";
  };
  return app.add_flag(name, value, what)->check(CLI::Validator(check, ""));
}

bool is_on_unless_given(const CLI::Option& flag) {
  const std::vector<std::string>& names = flag.get_lnames();
  return std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.starts_with("no-"); });
}

}  // namespace remember
