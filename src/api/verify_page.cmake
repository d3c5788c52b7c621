# Makes the source file of the page that checks receipts: its files as arrays of bytes, which no compiler has a limit for.
# Usage: cmake -D FOLDER=<verify_page> -D TEMPLATE=<verify_page.cc.in> -D OUTPUT=<verify_page.cc> -P verify_page.cmake

set(ZAN_PAGE_BODIES "")
set(ZAN_PAGE_FILES "")
foreach(entry IN ITEMS
    "index.html|/verify|text/html; charset=utf-8"
    "page.js|/verify/page.js|text/javascript; charset=utf-8"
    "style.css|/verify/style.css|text/css; charset=utf-8"
    "verify.js|/verify/verify.js|text/javascript; charset=utf-8"
    "words.js|/verify/words.js|text/javascript; charset=utf-8")
  string(REGEX MATCH "^([^|]*)\\|([^|]*)\\|(.*)$" whole "${entry}")
  set(name "${CMAKE_MATCH_1}")
  set(path "${CMAKE_MATCH_2}")
  set(type "${CMAKE_MATCH_3}")
  file(READ "${FOLDER}/${name}" hex HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
  string(MAKE_C_IDENTIFIER "${name}" identifier)
  string(APPEND ZAN_PAGE_BODIES "constexpr char ${identifier}[] = {${bytes}};\n")
  string(APPEND ZAN_PAGE_FILES
    "    PageFile{\"${path}\", \"${type}\", {${identifier}, sizeof ${identifier}}},\n")
endforeach()
configure_file("${TEMPLATE}" "${OUTPUT}" @ONLY)
