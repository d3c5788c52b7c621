# zan_room(<name> ROOMS <rooms it may see>... LIBS <libraries>...)
#
# Makes everything a room in src/<name> consists of, found by file endings, so that adding a file touches no build file:
#   *.cc            library zan_<name> (an INTERFACE library as long as there is none)
#   *_test.cc       one GoogleTest program <name>_test
#   *_threads_test.cc  the same, as <name>_threads_test with the ctest label "threads": also run under TSan
#   *_fuzz.cc       one program each; libFuzzer in the fuzz preset, else replayed over tests/corpus/<file name without .cc>/
#   *_bench.cc      one Google Benchmark program each, with ZAN_BENCH=ON
#   *.h             compiled alone by the target headers_alone
# The ROOMS lines of all rooms are the floor table of docs/house.md; tests/tidy compares them with it and with the includes.

add_custom_target(headers_alone)
add_custom_target(unit_tests)     # ./test quick builds these
add_custom_target(threads_tests)  # and these with TSan
add_custom_target(e2e_tests)      # these drive the real binary

function(zan_room name)
  cmake_parse_arguments(ARG "" "" "ROOMS;LIBS" ${ARGN})
  zan_split_sources("${CMAKE_CURRENT_SOURCE_DIR}")

  list(TRANSFORM ARG_ROOMS PREPEND "zan_")
  if(plain)
    add_library(zan_${name} STATIC ${plain})
    target_link_libraries(zan_${name} PUBLIC zan_flags ${ARG_ROOMS} ${ARG_LIBS})
  else()
    add_library(zan_${name} INTERFACE)
    target_link_libraries(zan_${name} INTERFACE zan_flags ${ARG_ROOMS} ${ARG_LIBS})
  endif()

  if(ZAN_TESTS)
    zan_gtest(${name}_test SOURCES ${tests} LIBS zan_${name} LABELS ${name} unit)
    zan_gtest(${name}_threads_test SOURCES ${threads_tests} LIBS zan_${name} LABELS ${name} unit threads)
    foreach(source IN LISTS fuzzers)
      zan_fuzzer("${source}" LIBS zan_${name} LABELS ${name} unit)
    endforeach()
    zan_headers_alone(${name} zan_${name} ${headers})
  endif()
  if(ZAN_BENCH)
    foreach(source IN LISTS benches)
      zan_bench("${source}" LIBS zan_${name})
    endforeach()
  endif()
endfunction()

# Sorts the sources below `folder` by their endings into plain, tests, threads_tests, fuzzers, benches and headers.
function(zan_split_sources folder)
  file(GLOB_RECURSE plain CONFIGURE_DEPENDS "${folder}/*.cc")
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS "${folder}/*.h")
  foreach(kind IN ITEMS threads_test test fuzz bench)
    set(${kind}_files ${plain})
    list(FILTER ${kind}_files INCLUDE REGEX "_${kind}\\.cc$")
    list(FILTER plain EXCLUDE REGEX "_${kind}\\.cc$")
  endforeach()
  set(plain ${plain} PARENT_SCOPE)
  set(headers ${headers} PARENT_SCOPE)
  set(tests ${test_files} PARENT_SCOPE)
  set(threads_tests ${threads_test_files} PARENT_SCOPE)
  set(fuzzers ${fuzz_files} PARENT_SCOPE)
  set(benches ${bench_files} PARENT_SCOPE)
endfunction()

# zan_gtest(<program> SOURCES ... LIBS ... LABELS ... [TIMEOUT seconds]); nothing when there are no sources.
function(zan_gtest program)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LIBS;LABELS" ${ARGN})
  if(NOT ARG_SOURCES)
    return()
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${program} ${ARG_SOURCES})
  target_link_libraries(${program} PRIVATE
    zan_flags ${ARG_LIBS} rapidcheck GTest::gmock GTest::gtest_main)
  target_compile_definitions(${program} PRIVATE ZAN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  # Asked for its tests when ctest runs, not when it is linked: a build must not depend on a program's behaviour.
  zan_gather(${program} LABELS ${ARG_LABELS})
  # One joined label: the discovery script flattens lists, and `ctest -L` searches by pattern anyway.
  list(JOIN ARG_LABELS "." label)
  gtest_discover_tests(${program} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    TEST_PREFIX "${program}." PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${label}"
    ENVIRONMENT "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/tsan_suppressions.txt")
endfunction()

# Adds a program to the targets unit_tests, threads_tests and e2e_tests that its labels name.
function(zan_gather program)
  cmake_parse_arguments(ARG "" "" "LABELS" ${ARGN})
  foreach(label IN LISTS ARG_LABELS)
    if(TARGET ${label}_tests)
      add_dependencies(${label}_tests ${program})
    endif()
  endforeach()
endfunction()

# zan_fuzzer(<source>_fuzz.cc LIBS ... LABELS ...): the source defines LLVMFuzzerTestOneInput.
function(zan_fuzzer source)
  cmake_parse_arguments(ARG "" "" "LIBS;LABELS" ${ARGN})
  cmake_path(GET source STEM program)
  add_executable(${program} "${source}")
  target_link_libraries(${program} PRIVATE zan_flags ${ARG_LIBS})
  if(ZAN_FUZZ)
    target_link_options(${program} PRIVATE -fsanitize=fuzzer)
    return()
  endif()
  zan_gather(${program} LABELS ${ARG_LABELS})
  target_sources(${program} PRIVATE "${CMAKE_SOURCE_DIR}/cmake/fuzz_replay.cc")
  add_test(NAME ${program} COMMAND ${program} "${CMAKE_SOURCE_DIR}/tests/corpus/${program}")
  set_tests_properties(${program} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 300)
endfunction()

function(zan_bench source)
  cmake_parse_arguments(ARG "" "" "LIBS" ${ARGN})
  cmake_path(GET source STEM program)
  add_executable(${program} "${source}")
  target_link_libraries(${program} PRIVATE zan_flags ${ARG_LIBS} benchmark::benchmark_main)
endfunction()

# Every header must compile alone, and twice in one unit. Not part of `all`: only `headers_alone` builds it.
function(zan_headers_alone name library)
  set(units "")
  foreach(header IN LISTS ARGN)
    cmake_path(RELATIVE_PATH header BASE_DIRECTORY "${CMAKE_SOURCE_DIR}" OUTPUT_VARIABLE relative)
    string(MAKE_C_IDENTIFIER "${relative}" unit)
    set(unit "${CMAKE_BINARY_DIR}/headers_alone/${unit}.cc")
    file(CONFIGURE OUTPUT "${unit}" CONTENT "#include \"${header}\"\n#include \"${header}\"\n")
    list(APPEND units "${unit}")
  endforeach()
  if(units)
    add_library(headers_alone_${name} OBJECT EXCLUDE_FROM_ALL ${units})
    target_link_libraries(headers_alone_${name} PRIVATE ${library} zan_flags)
    add_dependencies(headers_alone headers_alone_${name})
  endif()
endfunction()
