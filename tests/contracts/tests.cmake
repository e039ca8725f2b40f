# What heed promises of every layer and of whole training runs.
heed_add_tests(tests_contracts LIBRARIES heed::nn SOURCES
  contracts/accuracy.cpp
  contracts/fork.cpp
  contracts/hidden.cpp
  contracts/invariance.cpp
  contracts/layer_gradients.cpp
  contracts/resume.cpp
  contracts/simd_targets.cpp
  contracts/threads.cpp
  support/layer_table.cpp
  support/layer_table_attention.cpp
  support/layer_table_basic.cpp
  support/layer_table_loss.cpp
  support/layer_table_recurrent.cpp
  support/layer_table_seq2seq.cpp
  support/layer_table_transformer.cpp
)
target_compile_definitions(tests_contracts PRIVATE HEED_NN_HEADERS="${PROJECT_SOURCE_DIR}/nn/include/heed/nn")
if(NOT HEED_SANITIZE) # sanitizers keep what is freed
  # A process of its own: what other tests have freed would hide what this one leaks.
  heed_add_tests(tests_memory LIBRARIES heed::nn SOURCES contracts/memory.cpp)
  # soak STEPS THREADS: 100,000 steps and 10,000 threads take about fifteen seconds.
  heed_add_program(soak LIBRARIES tests_runner heed::nn SOURCES contracts/soak.cpp)
  target_include_directories(soak PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  add_test(NAME soak COMMAND soak 10000 1000)
endif()
heed_add_program(resume_run SOURCES contracts/resume_run.cpp LIBRARIES heed::nn)
target_include_directories(resume_run PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
add_test(NAME resume COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/contracts/resume.sh $<TARGET_FILE:resume_run>)
