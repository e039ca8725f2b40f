# How heed's targets are made: options go on the targets, never on the directory, so that a project that includes heed keeps its own.
include(GNUInstallDirs)

function(heed_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE ${heed_optimization})
  # One rounding for each operation as written: a contraction the compiler is free to choose would differ between loops.
  target_compile_options(${target} PRIVATE -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                                           $<$<BOOL:${HEED_WERROR}>:-Werror>)
  if(HEED_SANITIZE)
    # What the sanitizers insert makes g++ believe that initialised things are not.
    target_compile_options(${target} PRIVATE -fsanitize=${HEED_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
                                             $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(${target} PUBLIC -fsanitize=${HEED_SANITIZE})
  endif()
endfunction()

# heed_add_floor(NAME SOURCES file... ) makes heed_NAME, its alias heed::NAME, and the include folders of that floor.
function(heed_add_floor name)
  cmake_parse_arguments(ARG "" "" "SOURCES" ${ARGN})
  add_library(heed_${name} ${ARG_SOURCES})
  add_library(heed::${name} ALIAS heed_${name})
  heed_options(heed_${name})
  # Before 1.0 a new minor version may change everything (the package's version file says the same), so the name has it.
  set_target_properties(heed_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON
                        VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  if(NOT BUILD_SHARED_LIBS) # a plugin that has heed in it exports nothing of heed to the program that loads it
    set_target_properties(heed_${name} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  endif()
  target_include_directories(heed_${name}
    PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
endfunction()

# heed_add_program(NAME SOURCES file... LIBRARIES target...) makes a program in bin/.
function(heed_add_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  heed_options(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES})
endfunction()
