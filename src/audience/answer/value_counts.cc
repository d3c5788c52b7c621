#include "audience/answer/value_counts.h"

#include <algorithm>

namespace zan::audience {

std::vector<ValueRow> value_rows(const Catalogue& catalogue, std::uint32_t purpose) {
  std::vector<ValueRow> out;
  for (std::uint32_t i = 0; i < catalogue.tags().size(); ++i) {
    const Tag& tag = catalogue.tags()[i];
    if (std::find(tag.purposes.begin(), tag.purposes.end(), purpose) == tag.purposes.end()) continue;
    if (tag.type == TagType::number || tag.type == TagType::time) continue;
    for (std::uint32_t value = 0; value < tag.value_count(); ++value) out.push_back({i, value, tag.value(value)});
  }
  return out;
}

std::vector<std::uint64_t> count_values(const TagStore& store, const std::vector<ValueRow>& rows, const Plan& plan,
                                        const Plan& among) {
  std::vector<std::uint64_t> out(rows.size());
  Evaluation evaluation(store);
  evaluation.each_block(plan, among,
                        [&](std::uint32_t, const TagStore::Block& block, const SetView& set, const BlockMath& math) {
                          for (std::size_t i = 0; i < rows.size(); ++i)
                            out[i] += math.count_both(set, block.view(rows[i].id));
                        });
  return out;
}

Measured measure(const TagStore& store, const HashKey& secret, const Plan& plan, const Plan& among) {
  Measured out;
  Evaluation evaluation(store);
  evaluation.each_block(plan, among,
                        [&](std::uint32_t number, const TagStore::Block&, const SetView& set, const BlockMath& math) {
                          out.count += math.count(set);
                          out.sketch.add(secret, number, set);
                        });
  return out;
}

}  // namespace zan::audience
