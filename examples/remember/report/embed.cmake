# cmake -DOUTPUT=FILE.cpp -DPAGE=FILE -DSTYLE=FILE -DSCRIPTS=FILE;… -P embed.cmake
# Writes the bytes of the page, the style and all scripts as the string views that report/web_files.h declares.
set(source "// Made by report/embed.cmake.\n#include \"report/web_files.h\"\n\nnamespace remember::web {\n\n")

function(add_text name)
  set(bytes "")
  foreach(file ${ARGN})
    file(READ "${file}" more HEX)
    string(APPEND bytes "${more}")
  endforeach()
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  set(source "${source}constexpr char ${name}Bytes[] = {${bytes}};\nconst std::string_view ${name}(${name}Bytes, sizeof ${name}Bytes);\n\n" PARENT_SCOPE)
endfunction()

add_text(kPage ${PAGE})
add_text(kStyle ${STYLE})
add_text(kScript ${SCRIPTS})
file(WRITE "${OUTPUT}" "${source}}  // namespace remember::web\n")
