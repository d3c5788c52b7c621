// A saved intake from anywhere: loaded whole or refused; what was loaded goes on judging, and is saved as the same bytes. The
// first byte says whether the bytes come as they are, or as a body behind a frame that fits.
#include "base/require.h"
#include "integrity/features/sealed_bytes.h"
#include "integrity/intake/sim_intake.h"

namespace {

zan::integrity::IntakeOptions tiny_options() {
  zan::integrity::IntakeOptions options = zan::integrity::IntakeOptions::for_folder({1, 2, 3}, 20);
  options.marked_accounts = 7;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace zan;
  using namespace zan::integrity;
  if (size == 0) return 0;
  const auto intake = make_intake(default_rules, tiny_options());
  Bytes bytes(reinterpret_cast<const std::byte*>(data) + 1, reinterpret_cast<const std::byte*>(data) + size);
  if (data[0] != 0) {
    const Bytes like = saved(*intake);
    ByteReader head(like);
    const auto magic = head.fixed<std::uint32_t>();
    Bytes framed;
    SealedWriter frame(framed, magic, head.fixed<std::uint32_t>());
    put_bytes(framed, bytes);
    frame.end();
    bytes = std::move(framed);
  }
  const bool sound = intake->load(bytes).ok();
  if (sound) {
    require(Intake::check(bytes).ok(), "what is loaded is whole");
    const Bytes again = saved(*intake);
    require(again == bytes, "saved as it was loaded");
  }
  for (std::uint32_t i = 0; i < 20; ++i) {
    const engagement::Judgement judgement =
        intake->judge(recorded({.actor = 1 + i % 5, .at_s = 1'700'000'000 + 7 * i, .device = i % 3}));
    require(judgement.quality <= engagement::quality_max && judgement.reason_count <= engagement::reasons_max,
            "a judgement within bounds");
  }
  return 0;
}
