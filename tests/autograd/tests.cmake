# Operations with gradients, and graphs.

# The rows of the op table, for the tests of each operation and for random compositions of them.
add_library(op_rows OBJECT
  autograd/op_rows.cpp
  autograd/op_table_attention.cpp
  autograd/op_table_attention_lstm.cpp
  autograd/op_table_einsum.cpp
  autograd/op_table_elementwise.cpp
  autograd/op_table_index.cpp
  autograd/op_table_matmul.cpp
  autograd/op_table_norm.cpp
  autograd/op_table_reduce.cpp
  autograd/op_table_rnn.cpp
  autograd/op_table_softmax.cpp
  autograd/op_table_sort.cpp
  autograd/op_table_view.cpp
)
heed_options(op_rows)
target_include_directories(op_rows PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(op_rows PUBLIC heed::autograd Catch2::Catch2)

heed_add_tests(tests_autograd LIBRARIES heed::autograd op_rows SOURCES
  autograd/activation_range.cpp
  autograd/anomaly.cpp
  autograd/attention.cpp
  autograd/attention_lstm.cpp
  autograd/attention_range.cpp
  autograd/backward.cpp
  autograd/edges.cpp
  autograd/elementwise.cpp
  autograd/grad_mode.cpp
  autograd/gradcheck.cpp
  autograd/graph_dot.cpp
  autograd/index.cpp
  autograd/mask.cpp
  autograd/matmul.cpp
  autograd/node.cpp
  autograd/norm_range.cpp
  autograd/op_errors.cpp
  autograd/op_memory.cpp
  autograd/op_table.cpp
  autograd/reduce.cpp
  autograd/rnn.cpp
  autograd/softmax.cpp
  autograd/variable.cpp
)
target_compile_definitions(tests_autograd PRIVATE HEED_AUTOGRAD_HEADERS="${PROJECT_SOURCE_DIR}/autograd/include/heed/autograd")

# The same chain of a million nodes once more under a stack that the shell bounds.
heed_add_program(deep_chain SOURCES autograd/deep_chain.cpp LIBRARIES heed::autograd)
target_include_directories(deep_chain PRIVATE ${PROJECT_SOURCE_DIR}/tests)
add_test(NAME deep_chain COMMAND sh -c "ulimit -s 256; exec '$<TARGET_FILE:deep_chain>'")

# random_graphs N SEED checks N random programs over the op table; 10,000 take about ten seconds.
heed_add_program(random_graphs LIBRARIES tests_runner op_rows SOURCES
  graphs/graph_check.cpp
  graphs/random_graphs.cpp
  graphs/random_program.cpp
)
add_test(NAME random_graphs COMMAND random_graphs 2000 1)
# Graphs of different threads are independent. Under the thread sanitizer (./dev tsan) it says whether that is so.
heed_add_program(independent_graphs LIBRARIES tests_runner op_rows heed::nn SOURCES
  graphs/graph_check.cpp
  graphs/independent_graphs.cpp
  graphs/random_program.cpp
)
add_test(NAME independent_graphs COMMAND independent_graphs 8 100)
