// Receipts and events from strangers. The first byte says which form; whatever is taken says the same in every other form.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/require.h"
#include "evidence/receipt.h"
#include "evidence/text_form.h"

namespace zan::evidence {
namespace {

const Policy& a_policy() {
  static SeededEntropy entropy(1);
  static const Policy policy =
      trust_one_log(SignerKey::make("example.com/zhenzan", SignatureType::ed25519, entropy).verifier());
  return policy;
}

void try_receipt(const Receipt& receipt) {
  const auto json = parse_receipt(to_json(receipt));
  require(json.ok() && *json == receipt, "a receipt is read back from JSON");
  const auto text = parse_receipt(to_text(to_proof_file(receipt)));
  require(text.ok() && *text == receipt, "a receipt is read back from a proof file");
  (void)verify_receipt(receipt, a_policy()).ok();
}

void try_text(std::string_view text) {
  const auto receipt = parse_receipt(text);
  if (receipt.ok()) try_receipt(*receipt);
}

void try_extra(std::string_view text) {
  const Bytes extra(as_bytes(text).begin(), as_bytes(text).end());
  const std::string hash = to_base64(Hash{});
  const auto receipt = receipt_of({extra, 0, {}, "o\n1\n" + hash + "\n\n— o " + hash + "\n"});
  if (!receipt.ok()) return;
  require(*to_proof_file(*receipt).extra == extra, "extra data is written as it was read");
  try_receipt(*receipt);
}

void try_event(std::string_view text) {
  const auto event = parse_event(as_bytes(text));
  if (!event.ok()) return;
  Bytes again;
  put_event(again, *event);
  require(as_text(again) == text, "an event is written as it was read");
}

}  // namespace
}  // namespace zan::evidence

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan::evidence;
  using Try = void (*)(std::string_view);
  static constexpr Try tries[] = {try_text, try_extra, try_event};
  if (size == 0) return 0;
  tries[data[0] % std::size(tries)]({reinterpret_cast<const char*>(data) + 1, size - 1});
  return 0;
}
