# Modules, memory of others, models of the benchmarks, and what PyTorch computed.

heed_add_tests(tests_nn LIBRARIES heed::nn SOURCES
  nn/attention/attention.cpp
  nn/attention/location_attention.cpp
  nn/attention/multihead_attention.cpp
  nn/attention/multihead_attention_masks.cpp
  nn/attention/score_term.cpp
  nn/core/buffers.cpp
  nn/core/check_layer.cpp
  nn/core/checkpoint.cpp
  nn/core/checkpoint_limits.cpp
  nn/core/copy.cpp
  nn/core/dropout.cpp
  nn/core/embedding.cpp
  nn/core/forward_hook.cpp
  nn/core/gradient_checkpoint.cpp
  nn/core/init.cpp
  nn/core/layer_norm.cpp
  nn/core/rms_norm.cpp
  nn/core/linear.cpp
  nn/core/messages.cpp
  nn/core/locale.cpp
  nn/core/module.cpp
  nn/core/module_lifetime.cpp
  nn/core/recorder.cpp
  nn/core/recorder_layers.cpp
  nn/core/rename_state.cpp
  nn/core/shared_memory.cpp
  nn/core/summary.cpp
  nn/core/tied_weights.cpp
  nn/data/data_loader.cpp
  nn/data/pad_sequence.cpp
  nn/data/text_pairs.cpp
  nn/data/vocabulary.cpp
  nn/loss/classification_loss.cpp
  nn/loss/regression_loss.cpp
  nn/optim/averages.cpp
  nn/optim/clip.cpp
  nn/optim/lr_schedule.cpp
  nn/optim/optimizer.cpp
  nn/optim/optimizer_edges.cpp
  nn/optim/optimizer_state.cpp
  nn/optim/own_optimizer.cpp
  nn/optim/reduce_lr_on_plateau.cpp
  nn/optim/rmsprop.cpp
  nn/recurrent/min_gru.cpp
  nn/recurrent/own_cell.cpp
  nn/recurrent/recurrent_formula.cpp
  nn/recurrent/recurrent_layer.cpp
  nn/seq2seq/decoding_rules.cpp
  nn/seq2seq/own_decoder.cpp
  nn/seq2seq/sample.cpp
  nn/seq2seq/search.cpp
  nn/seq2seq/search_marks.cpp
  nn/seq2seq/seq2seq.cpp
  nn/seq2seq/seq2seq_config.cpp
  nn/seq2seq/seq2seq_formula.cpp
  nn/seq2seq/transformer_cache.cpp
  nn/seq2seq/transformer_seq2seq.cpp
  nn/transformer/positional.cpp
  nn/transformer/transformer.cpp
)

# Memory of others: seen as tensors, and tensors seen by others.
heed_add_tests(tests_borrowed LIBRARIES heed::nn SOURCES borrowed/blob.cpp borrowed/dlpack.cpp)
if(TARGET Eigen3::Eigen)
  target_sources(tests_borrowed PRIVATE borrowed/eigen.cpp)
  target_include_directories(tests_borrowed SYSTEM PRIVATE $<TARGET_PROPERTY:Eigen3::Eigen,INTERFACE_INCLUDE_DIRECTORIES>)
else()
  message(STATUS "no Eigen: that its matrices are seen as tensors is not tested")
endif()
if(Python3_EXECUTABLE AND NOT HEED_SANITIZE) # Python is built without a sanitizer, and cannot load a library with one
  add_library(dlpack_functions MODULE borrowed/dlpack_functions.cpp)
  heed_options(dlpack_functions)
  target_link_libraries(dlpack_functions PRIVATE heed::tensor)
  add_test(NAME numpy_dlpack COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/borrowed/numpy_dlpack.py $<TARGET_FILE:dlpack_functions>)
  set_tests_properties(numpy_dlpack PROPERTIES SKIP_RETURN_CODE 77)
endif()

# The models of the benchmarks, which are there without the benchmarks too. Their include path has a folder heed/ in it, so
# that what tests them is a program of its own.
add_library(bench_models STATIC ${PROJECT_SOURCE_DIR}/bench/heed/models.cpp ${PROJECT_SOURCE_DIR}/bench/worker/shared_data.cpp)
heed_options(bench_models)
target_include_directories(bench_models PUBLIC ${PROJECT_SOURCE_DIR}/bench)
target_link_libraries(bench_models PUBLIC heed::nn)
heed_add_tests(tests_steady_state LIBRARIES bench_models SOURCES nn/core/steady_state.cpp)

# conformance DIR replays cases computed by PyTorch; those in conformance/cases are remade by conformance/generate.py.
heed_add_program(conformance LIBRARIES heed::nn nlohmann_json::nlohmann_json SOURCES
  conformance/attention_layers.cpp
  conformance/case.cpp
  conformance/clip.cpp
  conformance/function.cpp
  conformance/layers.cpp
  conformance/losses.cpp
  conformance/main.cpp
  conformance/operations.cpp
  conformance/optimizers.cpp
  conformance/recurrent_layers.cpp
  conformance/replay.cpp
  conformance/schedules.cpp
  conformance/training_run.cpp
)
target_include_directories(conformance PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
add_test(NAME conformance COMMAND conformance ${CMAKE_CURRENT_SOURCE_DIR}/conformance/cases)
if(Python3_EXECUTABLE)
  add_test(NAME conformance_broken COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/conformance/broken.py
           $<TARGET_FILE:conformance> ${CMAKE_CURRENT_SOURCE_DIR}/conformance/cases)
  set_tests_properties(conformance_broken PROPERTIES SKIP_RETURN_CODE 77)
endif()
