// The files of report/web, as they were when the program was built. CMake makes their definitions.
#pragma once

#include <string_view>

namespace remember::web {

extern const std::string_view kPage;    ///< report.html
extern const std::string_view kStyle;   ///< report.css
extern const std::string_view kScript;  ///< all *.js, in an order in which they can run

}  // namespace remember::web
