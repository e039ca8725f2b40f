# heed_documented_code(PAGE): the code that a page of Markdown shows, compiled and run as it stands there.
#   ```cpp          a block with int main() is a program; all other blocks of a page follow one another in one main()
#   ```text         what the latter print, in the same order: compared, if a page has any
#   ```text FILE    is written to FILE, in the folder that the page's programs run in; so is ```python FILE,
#                   which is run in its turn
# A file that the page's Python writes is kept in data/PAGE, for machines without the packages that it needs.
# Errors of the compiler name the page and its line.

function(heed_documented_code page)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${page})
  file(READ ${PROJECT_SOURCE_DIR}/${page} rest)
  string(REGEX REPLACE "^docs/" "" name ${page})
  string(REGEX REPLACE "\\.md$" "" name ${name})
  string(MAKE_C_IDENTIFIER ${name} name)
  string(TOLOWER docs_${name} name)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name}.run)
  file(MAKE_DIRECTORY ${folder})
  file(GLOB kept ${CMAKE_CURRENT_SOURCE_DIR}/data/${name}/*)
  file(COPY ${kept} DESTINATION ${folder})
  set(line 1)
  set(programs 0)
  set(pieces)
  set(expected)
  set(done) # the tests so far
  set(done_before_pieces)
  while(TRUE)
    string(FIND "${rest}" "\n```" begin)
    if(begin EQUAL -1)
      break()
    endif()
    heed_split_at("${rest}" ${begin} 4)
    heed_count_lines("${before}" skipped)
    string(FIND "${after}" "\n" end)
    heed_split_at("${after}" ${end} 1)
    set(kind "${before}")
    math(EXPR line "${line} + ${skipped} + 2") # the block's first line
    string(FIND "${after}" "\n```" end)
    if(end EQUAL -1)
      message(FATAL_ERROR "${page}:${line}: a block of code is empty or does not end")
    endif()
    heed_split_at("${after}" ${end} 4)
    set(block "${before}\n")
    set(rest "${after}")
    if(kind MATCHES "^(text|python) ([A-Za-z0-9_.-]+)$")
      file(CONFIGURE OUTPUT ${folder}/${CMAKE_MATCH_2} CONTENT "${block}" @ONLY)
      if(CMAKE_MATCH_1 STREQUAL "python" AND Python3_EXECUTABLE)
        heed_documented_python(${name} ${folder} ${CMAKE_MATCH_2} "${done}")
        list(APPEND done ${name}_${CMAKE_MATCH_2})
      endif()
    elseif(kind STREQUAL "cpp" AND block MATCHES "int main\\(")
      math(EXPR programs "${programs} + 1")
      set(suffix)
      if(programs GREATER 1)
        set(suffix "_${programs}")
      endif()
      heed_documented_program(${name}${suffix} ${folder} "${done}" "#line ${line} \"${page}\"\n${block}")
      list(APPEND done ${name}${suffix})
    elseif(kind STREQUAL "text")
      string(APPEND expected "${block}")
    elseif(kind STREQUAL "cpp")
      if("${pieces}" STREQUAL "")
        set(done_before_pieces ${done})
        list(APPEND done ${name}_pieces)
      endif()
      string(APPEND pieces "#line ${line} \"${page}\"\n${block}")
    endif()
    heed_count_lines("${block}" lines)
    math(EXPR line "${line} + ${lines}")
  endwhile()
  if(NOT "${pieces}" STREQUAL "")
    heed_documented_program(${name}_pieces ${folder} "${done_before_pieces}" "${heed_pieces_begin}${pieces}  return 0;\n}\n")
    if(NOT "${expected}" STREQUAL "")
      file(CONFIGURE OUTPUT ${folder}/expected.txt CONTENT "${expected}" @ONLY)
      add_test(NAME ${name}_output WORKING_DIRECTORY ${folder}
               COMMAND sh -c "\"$1\" >output.txt && diff -u expected.txt output.txt" sh $<TARGET_FILE:${name}_pieces>)
      set_tests_properties(${name}_output PROPERTIES ENVIRONMENT HEED_NUM_THREADS=1 DEPENDS "${done_before_pieces};${name}_pieces")
    endif()
  endif()
endfunction()

set(heed_pieces_begin "#include <heed/heed.h>
#include <cmath>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>
using namespace heed;
int main() {
")

# Sets before and after: the text around `size` bytes at `place`.
function(heed_split_at text place size)
  string(SUBSTRING "${text}" 0 ${place} part)
  set(before "${part}" PARENT_SCOPE)
  math(EXPR place "${place} + ${size}")
  string(SUBSTRING "${text}" ${place} -1 part)
  set(after "${part}" PARENT_SCOPE)
endfunction()

function(heed_count_lines text result)
  string(REGEX MATCHALL "\n" lines "${text}")
  list(LENGTH lines count)
  set(${result} ${count} PARENT_SCOPE)
endfunction()

# The test NAME runs it, after the tests AFTER.
function(heed_documented_program name folder after code)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp CONTENT "${code}" @ONLY)
  heed_add_program(${name} SOURCES ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp LIBRARIES heed::nn)
  target_compile_options(${name} PRIVATE -O1 -Wno-unused-variable -Wno-unused-but-set-variable) # what a page shows it need not use
  set_property(GLOBAL APPEND PROPERTY heed_documented_programs ${name})
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${folder})
  set_tests_properties(${name} PROPERTIES ENVIRONMENT HEED_NUM_THREADS=1 TIMEOUT 300 DEPENDS "${after}")
endfunction()

# Skipped where a package is missing.
function(heed_documented_python name folder script after)
  add_test(NAME ${name}_${script} WORKING_DIRECTORY ${folder}
           COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/run_python.py ${script})
  set_tests_properties(${name}_${script} PROPERTIES SKIP_RETURN_CODE 77 DEPENDS "${after}")
endfunction()
