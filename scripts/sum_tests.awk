# Reads a JUnit report of ctest; prints "passed failed skipped", and appends a line with the reason per test that did not pass
# to the file `reasons`.

function decode(text) {
  gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&amp;/, "\\&", text)
  return text
}

function close_case() {
  if (name == "") return
  if (status == "run") passed++
  else if (status == "notrun" && skip_asked) { skipped++; print preset " skipped: " name ": " why >> reasons }
  else if (status == "disabled") { skipped++; print preset " skipped: " name ": disabled in its source" >> reasons }
  else { failed++; print preset " FAILED:  " name >> reasons }
  name = ""
}

/<testcase / {
  close_case()
  match($0, /name="[^"]*"/); name = decode(substr($0, RSTART + 6, RLENGTH - 7))
  match($0, /status="[^"]*"/); status = substr($0, RSTART + 8, RLENGTH - 9)
  skip_asked = 0; why = "no reason given"; reason_follows = 0
}
/<skipped message="SKIP_/ { skip_asked = 1 }
# GoogleTest: "file:line: Skipped", then the reason on its own line. Our own programs: "SKIPPED: reason".
reason_follows { why = decode($0); reason_follows = 0 }
/: Skipped$/ { reason_follows = 1 }
/SKIPPED: / { why = decode(substr($0, index($0, "SKIPPED: ") + 9)) }
END { close_case(); print passed + 0, failed + 0, skipped + 0 }
