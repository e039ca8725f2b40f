# Kernels, tensors and their files.

heed_add_tests(tests_kernels LIBRARIES heed::tensor SOURCES
  tensor/kernels/additive.cpp
  tensor/kernels/attention.cpp
  tensor/kernels/attention_range.cpp
  tensor/kernels/elementwise.cpp
  tensor/kernels/elementwise_binary.cpp
  tensor/kernels/gemm.cpp
  tensor/kernels/norm.cpp
  tensor/kernels/optimizer.cpp
  tensor/kernels/reduce.cpp
  tensor/kernels/rnn.cpp
  tensor/kernels/simd.cpp
  tensor/kernels/softmax.cpp
)
target_include_directories(tests_kernels PRIVATE ${PROJECT_SOURCE_DIR}/tensor/src)
target_compile_definitions(tests_kernels PRIVATE HEED_KERNELS="${PROJECT_SOURCE_DIR}/tensor/src/kernels")

heed_add_tests(tests_tensor LIBRARIES heed::tensor ZLIB::ZLIB SOURCES
  tensor/activation_backward.cpp
  tensor/attention.cpp
  tensor/available_cpus.cpp
  tensor/compare.cpp
  tensor/create.cpp
  tensor/einsum.cpp
  tensor/elementwise.cpp
  tensor/file.cpp
  tensor/gru_order.cpp
  tensor/index.cpp
  tensor/locale.cpp
  tensor/matmul.cpp
  tensor/multinomial.cpp
  tensor/multiply_adds.cpp
  tensor/neighbours.cpp
  tensor/norm.cpp
  tensor/npz.cpp
  tensor/npz_broken.cpp
  tensor/npz_kinds.cpp
  tensor/npz_names.cpp
  tensor/operators.cpp
  tensor/overlap.cpp
  tensor/parallel.cpp
  tensor/print.cpp
  tensor/random.cpp
  tensor/reduce.cpp
  tensor/reduce_edges.cpp
  tensor/rnn.cpp
  tensor/rnn_backward.cpp
  tensor/safetensors.cpp
  tensor/scalar.cpp
  tensor/selection.cpp
  tensor/shape.cpp
  tensor/simd.cpp
  tensor/slice.cpp
  tensor/softmax.cpp
  tensor/sort.cpp
  tensor/tensor.cpp
  tensor/text_file.cpp
  tensor/undefined.cpp
  tensor/utf8.cpp
  tensor/view.cpp
  tensor/writing.cpp
)
target_compile_definitions(tests_tensor PRIVATE
  HEED_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data"
  HEED_TENSOR_HEADERS="${PROJECT_SOURCE_DIR}/tensor/include/heed/tensor")
set_source_files_properties(tensor/available_cpus.cpp PROPERTIES INCLUDE_DIRECTORIES ${PROJECT_SOURCE_DIR}/tensor/src)

# Files that are broken on purpose: malformed/make.py makes them.
heed_add_program(read_tensors SOURCES malformed/read_tensors.cpp LIBRARIES heed::tensor)

heed_add_program(thread_count SOURCES tensor/thread_count.cpp LIBRARIES heed::tensor)
add_test(NAME thread_count COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tensor/thread_count.sh $<TARGET_FILE:thread_count>)
add_library(plugin MODULE tensor/plugin.cpp)
heed_options(plugin)
target_link_libraries(plugin PRIVATE heed::tensor)
# What it exports to others would keep it in memory: the standard library's templates with heed's types in them, too.
target_link_options(plugin PRIVATE LINKER:--exclude-libs,ALL)
heed_add_program(plugin_host SOURCES tensor/plugin_host.cpp LIBRARIES ${CMAKE_DL_LIBS})
if(HEED_SANITIZE)
  target_compile_definitions(plugin_host PRIVATE HEED_MAY_STAY_LOADED)
endif()
add_test(NAME unloaded_library COMMAND plugin_host $<TARGET_FILE:plugin>)

# NumPy reads what heed writes.
if(Python3_EXECUTABLE)
  foreach(script numpy_reads safetensors_peer)
    add_test(NAME ${script} COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/tensor/${script}.py $<TARGET_FILE:tests_tensor>)
    set_tests_properties(${script} PROPERTIES SKIP_RETURN_CODE 77)
  endforeach()
else()
  message(STATUS "no Python: whether NumPy reads heed's files is not tested")
endif()
