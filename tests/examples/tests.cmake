# The programs.

heed_add_tests(tests_examples LIBRARIES heed_figure remember_commands ZLIB::ZLIB SOURCES
  examples/locale.cpp
  examples/remember_capacity.cpp
  examples/remember_data.cpp
  examples/remember_experiments.cpp
  examples/remember_folder.cpp
  examples/remember_measures.cpp
  examples/remember_metrics.cpp
  examples/remember_options.cpp
  examples/remember_pairs.cpp
  examples/remember_report.cpp
  examples/remember_report_html.cpp
  examples/remember_resume.cpp
  examples/remember_run.cpp
  examples/remember_score.cpp
  examples/remember_side_by_side.cpp
  examples/remember_time.cpp
  examples/remember_trials.cpp
  examples/remember_verdict.cpp
  examples/remember_vocabulary.cpp
  figure/figure.cpp
  figure/line_chart.cpp
)
set_source_files_properties(figure/figure.cpp examples/locale.cpp PROPERTIES INCLUDE_DIRECTORIES ${PROJECT_SOURCE_DIR}/examples/figure/src)
add_subdirectory(fuzz)
add_test(NAME remember_data_files COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/examples/remember_data_files.sh $<TARGET_FILE:remember>)
add_test(NAME remember_capacity COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/examples/remember_capacity.sh $<TARGET_FILE:remember>)
add_test(NAME remember_cli COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/examples/remember_cli.sh $<TARGET_FILE:remember>)
add_test(NAME remember_interrupted COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/examples/remember_interrupted.sh $<TARGET_FILE:remember>)
if(Python3_EXECUTABLE)
  add_test(NAME remember_crash COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/examples/remember_crash.py $<TARGET_FILE:remember> 20)
  add_test(NAME remember_limits COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/examples/remember_limits.py $<TARGET_FILE:remember>)
  add_library(fail_call MODULE examples/fail_call.cpp)
  heed_options(fail_call)
  target_link_libraries(fail_call PRIVATE ${CMAKE_DL_LIBS})
  add_test(NAME remember_failing_calls COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/examples/remember_failing_calls.py
           $<TARGET_FILE:remember> $<TARGET_FILE:fail_call>)
  if(HEED_SANITIZE) # which take the calls and the address space for themselves
    set_tests_properties(remember_failing_calls remember_limits PROPERTIES DISABLED TRUE)
    set(sanitized --sanitized)
  endif()
  add_test(NAME remember_messages COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/examples/remember_messages.py
           $<TARGET_FILE:remember> ${sanitized})
  add_test(NAME remember_config COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/examples/remember_config.sh $<TARGET_FILE:remember>)
  add_test(NAME report_browser COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/examples/report_browser.py $<TARGET_FILE:remember>)
  add_test(NAME malformed_files COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/data/malformed/run.py
           $<TARGET_FILE:read_tensors> $<TARGET_FILE:remember> ${CMAKE_CURRENT_BINARY_DIR}/malformed ${sanitized})
  set_tests_properties(report_browser PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)
  add_test(NAME tutorial COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/docs/tutorial.py --quick $<TARGET_FILE_DIR:remember>)
else()
  message(STATUS "no Python: report.html is not tested in a browser, nor the commands of the tutorial")
endif()
add_test(NAME example_programs COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/examples/programs.sh $<TARGET_FILE_DIR:quickstart>)
