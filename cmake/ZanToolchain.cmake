# Compiler settings that hold for all our targets, and the libraries we stand on.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_COLOR_DIAGNOSTICS ON)

# -g1 keeps the lines of a stack trace and a third of the link time.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer")
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -g1 -DNDEBUG")

find_program(ZAN_CCACHE ccache)
if(ZAN_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${ZAN_CCACHE}")
endif()

# `zan_flags` is linked by every target of ours, so that no foreign code is ever judged by our warnings.
add_library(zan_flags INTERFACE)
target_include_directories(zan_flags INTERFACE "${CMAKE_SOURCE_DIR}/src")
# g++ is the judge; clang, there for its fuzzer, only warns.
target_compile_options(zan_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion $<$<CXX_COMPILER_ID:GNU>:-Werror>
  -Wno-missing-field-initializers)  # designated initialisers lean on the members' defaults
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # -Wrestrict misfires on std::string in g++ 12 (GCC bug 105651).
  target_compile_options(zan_flags INTERFACE -Wno-restrict)
endif()
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(zan_flags INTERFACE -march=x86-64-v2)
endif()

if(ZAN_SANITIZE)
  add_compile_options(-fsanitize=${ZAN_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ZAN_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Sanitizer instrumentation hides the initialisation from this warning.
    target_compile_options(zan_flags INTERFACE -Wno-maybe-uninitialized)
    if(ZAN_SANITIZE MATCHES "thread")
      target_compile_options(zan_flags INTERFACE -Wno-tsan)
    endif()
  endif()
endif()
if(ZAN_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "The fuzz preset needs clang-16: scripts/install fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(simdjson REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(Boost 1.81 REQUIRED)  # headers only: Asio and Beast

# zan_system_library(<target> HEADER <file> LIB <name>): libraries whose Debian package brings no usable CMake file.
function(zan_system_library target)
  cmake_parse_arguments(ARG "" "HEADER;LIB" "" ${ARGN})
  find_path(${target}_INCLUDE "${ARG_HEADER}" REQUIRED)
  find_library(${target}_LIBRARY "${ARG_LIB}" REQUIRED)
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} INTERFACE "${${target}_INCLUDE}")
  target_link_libraries(${target} INTERFACE "${${target}_LIBRARY}")
endfunction()
zan_system_library(zan_rocksdb HEADER rocksdb/db.h LIB rocksdb)
zan_system_library(zan_sodium HEADER sodium.h LIB sodium)
zan_system_library(zan_xxhash HEADER xxhash.h LIB xxhash)
zan_system_library(zan_openblas HEADER cblas.h LIB openblas)
zan_system_library(zan_xgboost HEADER xgboost/c_api.h LIB xgboost)

if(ZAN_TESTS)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
  enable_testing()
  include(GoogleTest)
endif()
if(ZAN_BENCH)
  find_package(benchmark REQUIRED)
endif()
