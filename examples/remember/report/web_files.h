// The files of report/web, embedded when the program is built. CMake generates the definitions.
#pragma once

#include <string_view>

namespace remember::web {

extern const std::string_view kPage;    ///< report.html
extern const std::string_view kStyle;   ///< report.css
extern const std::string_view kScript;  ///< all *.js, in the order in which they run

}  // namespace remember::web
