#include "simulation/rows.h"

#include <array>
#include <charconv>

namespace zan::simulation {
namespace {

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits;
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), written.ptr);
}

class Row {
 public:
  Row(std::string& out, Names names) : out_(out), names_(names) {}
  Row& number(std::uint64_t value) {
    append_number(out_, value);
    out_ += ',';
    return *this;
  }
  Row& text(std::string_view value) {
    out_.append(value) += ',';
    return *this;
  }
  Row& name(std::string_view prefix, std::uint64_t value) {
    if (names_ == Names::labelled) out_.append(prefix);
    return number(value);
  }
  void end() { out_.back() = '\n'; }

 private:
  std::string& out_;
  Names names_;
};

}  // namespace

std::string_view header(Columns columns) {
  return columns == Columns::five ? "at,actor,subject,device,network"
                                  : "at,actor,subject,device,network,type,creator,watch_ms,duration_ms,region";
}

void append_row(std::string& out, const Stream& stream, const Event& event, Columns columns, Names names) {
  Row row(out, names);
  row.number(static_cast<std::uint64_t>(stream.at(event).us / us_per_ms));
  row.name("sim-user-", event.actor).name("sim-work-", event.subject);
  row.name("sim-device-", event.device).name("sim-network-", event.network);
  if (columns == Columns::all) {
    const Work& work = stream.works[event.subject];
    row.text(to_string(event.type)).name("sim-creator-", work.creator).number(event.watch_ms);
    row.number(work.duration_ms).name("sim-region-", stream.account_regions[event.actor]);
  }
  row.end();
}

void append_label(std::string& out, const Label& label) {
  out.append(to_string(label.role)).append(",").append(to_string(label.family)).append(",");
  append_number(out, label.instance);
  out += '\n';
}

Result<Label> parse_label(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::size_t first = line.find(',');
  const std::size_t second = first == line.npos ? line.npos : line.find(',', first + 1);
  if (second == line.npos) return invalid("expected role,family,instance");
  const auto role = parse_role(line.substr(0, first));
  if (!role) return invalid("no such role", "role");
  const auto family = parse_family(line.substr(first + 1, second - first - 1));
  if (!family) return invalid("no such family", "family");
  const std::string_view number = line.substr(second + 1);
  Label label{*role, *family, 0};
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), label.instance);
  if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size())
    return invalid("expected a number below 65536", "instance");
  return label;
}

}  // namespace zan::simulation
