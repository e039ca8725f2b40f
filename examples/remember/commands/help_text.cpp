// Help texts: see help_text.h.
#include "commands/help_text.h"

#include <locale>
#include <sstream>
#include <vector>

#include "text/text_width.h"

namespace remember {

namespace {

constexpr int64_t kColumns = 80;
constexpr int64_t kTextColumn = 25;

/// The text in lines of at most `width` columns.
std::vector<std::string> wrapped(const std::string& text, int64_t width) {
  std::vector<std::string> lines(1);
  std::istringstream words(text);
  words.imbue(std::locale::classic());
  for (std::string word; words >> word;) {
    if (!lines.back().empty() && text_width(lines.back()) + 1 + text_width(word) > width) {
      lines.emplace_back();
    }
    lines.back() += (lines.back().empty() ? "" : " ") + word;
  }
  return lines;
}

/// A name and its meaning in a second column, or on the next line if the name is too long.
std::string entry(const std::string& name, const std::string& meaning) {
  const std::string lead = "  " + name;
  const bool beside = text_width(lead) + 2 <= kTextColumn;
  std::string text = beside ? padded(lead, kTextColumn) : lead + '\n' + std::string(kTextColumn, ' ');
  const std::vector<std::string> lines = wrapped(meaning, kColumns - kTextColumn);
  for (size_t i = 0; i < lines.size(); ++i) {
    text += (i == 0 ? "" : std::string(kTextColumn, ' ')) + lines[i] + '\n';
  }
  return text;
}

std::string option_name(const CLI::Option& option) {
  if (option.get_positional()) {
    return option.get_type_name();
  }
  std::string name;
  for (const std::string& word : option.get_snames()) {
    name += '-' + word + ", ";
  }
  for (const std::string& word : option.get_lnames()) {
    name += (name.empty() || name.ends_with(' ') ? "--" : ", --") + word;
  }
  const bool takes_value = option.get_items_expected_max() > 0;
  return takes_value ? name + ' ' + option.get_type_name() : name;
}

std::string option_entry(const CLI::Option& option) {
  const std::string unless_given = option.get_default_str();
  return entry(option_name(option), option.get_description() + (option.get_required() ? " (must be given)" : "") +
                                        (unless_given.empty() ? "" : " [" + unless_given + ']'));
}

std::string usage(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  if (parent == nullptr) {
    return "Usage: " + app.get_name() + " COMMAND [OPTIONS]\n";
  }
  std::string text = "Usage: " + parent->get_name() + ' ' + app.get_name();
  for (const CLI::Option* option : app.get_options([](const CLI::Option* o) { return o->get_required(); })) {
    text += ' ' + option_name(*option);
  }
  return text + " [OPTIONS]\n";
}

}  // namespace

std::string help_text(const CLI::App* app, const std::string&, CLI::AppFormatMode) {
  std::string text;
  for (const std::string& line : wrapped(app->get_description(), kColumns)) {
    text += line + '\n';
  }
  text += '\n' + usage(*app);
  const auto commands = app->get_subcommands([](const CLI::App*) { return true; });
  if (!commands.empty()) {
    text += "\nCommands:\n";
    for (const CLI::App* command : commands) {
      text += entry(command->get_name(), command->get_description());
    }
  }
  for (const std::string& group : app->get_groups()) {
    text += '\n' + group + ":\n";
    for (const CLI::Option* option :
         app->get_options([&group](const CLI::Option* o) { return o->get_group() == group; })) {
      text += option_entry(*option);
    }
  }
  return text + (app->get_footer().empty() ? "" : '\n' + app->get_footer() + '\n');
}

}  // namespace remember
