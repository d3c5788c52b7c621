# Makes the source file of the console: its files compressed, as arrays of bytes. Nothing is touched when no file has changed, and
# without the folder there are no files.
# Usage: cmake -D FOLDER=<build/console> -D TEMPLATE=<console.cc.in> -D OUTPUT=<console_files.cc> -P console.cmake

cmake_minimum_required(VERSION 3.25)
set(paths "")
if(EXISTS "${FOLDER}/index.html")
  file(GLOB_RECURSE paths LIST_DIRECTORIES false RELATIVE "${FOLDER}" "${FOLDER}/*")
endif()
list(SORT paths)

# By what the files say, not when they were written.
file(SHA256 "${TEMPLATE}" digests)
file(SHA256 "${CMAKE_CURRENT_LIST_FILE}" digest)
string(APPEND digests "${digest}")
foreach(path IN LISTS paths)
  file(SHA256 "${FOLDER}/${path}" digest)
  string(APPEND digests "|${path}:${digest}")
endforeach()
string(SHA256 stamp "${digests}")
if(EXISTS "${OUTPUT}" AND EXISTS "${OUTPUT}.stamp")
  file(READ "${OUTPUT}.stamp" before)
  if(before STREQUAL stamp)
    return()
  endif()
endif()

set(types
  "html|text/html; charset=utf-8" "js|text/javascript; charset=utf-8" "css|text/css; charset=utf-8" "svg|image/svg+xml"
  "json|application/json" "webmanifest|application/manifest+json" "woff2|font/woff2" "png|image/png" "ico|image/x-icon"
  "txt|text/plain; charset=utf-8")
set(ZAN_CONSOLE_BODIES "")
set(ZAN_CONSOLE_FILES "")
set(number 0)
foreach(path IN LISTS paths)
  string(REGEX MATCH "[^.]*$" extension "${path}")
  set(type "application/octet-stream")
  foreach(known IN LISTS types)
    if(known MATCHES "^${extension}\\|(.*)$")
      set(type "${CMAKE_MATCH_1}")
    endif()
  endforeach()
  execute_process(COMMAND gzip -9 -n -c "${FOLDER}/${path}" OUTPUT_FILE "${OUTPUT}.gz" COMMAND_ERROR_IS_FATAL ANY)
  file(SHA256 "${FOLDER}/${path}" digest)
  string(SUBSTRING "${digest}" 0 32 digest)
  file(READ "${OUTPUT}.gz" hex HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND ZAN_CONSOLE_BODIES "constexpr char file_${number}[] = {${bytes}};\n")
  string(APPEND ZAN_CONSOLE_FILES
    "    ConsoleFile{\"${path}\", \"${type}\", {file_${number}, sizeof file_${number}}, \"${digest}\"},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(REMOVE "${OUTPUT}.gz")
configure_file("${TEMPLATE}" "${OUTPUT}" @ONLY)
file(WRITE "${OUTPUT}.stamp" "${stamp}")
