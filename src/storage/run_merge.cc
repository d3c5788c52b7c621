#include "storage/run_merge.h"

#include <algorithm>
#include <utility>

#include "base/require.h"

namespace zan::storage {

RunStream::RunStream(std::shared_ptr<const RunFile> run, const MergeRange& range, ReadAhead ahead)
    : run_(std::move(run)), range_(range), ahead_(ahead) {
  const RunFences& fences = run_->fences();
  block_ = range_.from ? fences.block_of(*range_.from) : 0;
  blocks_end_ = range_.to ? fences.blocks_below(*range_.to) : fences.size();
  buffer_blocks_end_ = block_;
  for (unsigned c = run_->footer().columns; c < row_columns_max; ++c) columns_[c].fill(0);
}

// Reads as many whole blocks as the read-ahead allows, one at least.
Result<void> RunStream::read_more() {
  const RunFences& fences = run_->fences();
  buffer_offset_ = fences.offset(block_);
  std::uint64_t blocks_end = block_ + 1;
  while (blocks_end < blocks_end_ &&
         run_->block_end(blocks_end) - buffer_offset_ <= ahead_.first_bytes)
    ++blocks_end;
  const std::size_t bytes = run_->block_end(blocks_end - 1) - buffer_offset_;
  if (buffer_capacity_ < bytes + pack_slack) {
    buffer_capacity_ = std::max(bytes, ahead_.first_bytes) + pack_slack;
    buffer_ = std::make_unique_for_overwrite<std::byte[]>(buffer_capacity_);
  }
  ZAN_TRY(run_->read_blocks(buffer_offset_, {buffer_.get(), bytes}));
  std::memset(buffer_.get() + bytes, 0, pack_slack);
  buffer_blocks_end_ = blocks_end;
  ahead_.first_bytes = std::min(ahead_.most_bytes, std::max(bytes, ahead_.first_bytes) * 2);
  return {};
}

Result<bool> RunStream::load() {
  const unsigned key_columns = run_->footer().key_columns;
  while (block_ < blocks_end_) {
    if (block_ == buffer_blocks_end_) ZAN_TRY(read_more());
    const std::uint64_t offset = run_->fences().offset(block_);
    const ByteSpan bytes(buffer_.get() + (offset - buffer_offset_),
                         run_->block_end(block_) - offset);
    BlockView view;
    ZAN_TRY(run_->check_block(block_, bytes, view));
    ++block_;
    // Only the first and the last block can hold rows outside the range.
    position = range_.from ? view.lower_bound(*range_.from, key_columns) : 0;
    range_.from.reset();
    end = range_.to && block_ == blocks_end_ ? view.lower_bound(*range_.to, key_columns)
                                             : view.rows();
    if (position >= end) continue;
    const unsigned from_group = position / pack_group;
    const unsigned to_group = (end + pack_group - 1) / pack_group;
    for (unsigned c = 0; c < run_->footer().columns; ++c)
      view.decode(c, from_group, to_group, columns_[c].data());
    return true;
  }
  return false;
}

namespace {

__extension__ using Wide = unsigned __int128;

// What the tree compares: the key, then the age of the run, so that equal keys come oldest first.
template <unsigned key_columns>
struct Head {
  std::array<std::uint64_t, key_columns> key;
  std::uint32_t order;
};

template <unsigned key_columns>
Wide front_key(const Head<key_columns>& head) {
  if constexpr (key_columns == 1)
    return head.key[0];
  else
    return static_cast<Wide>(head.key[0]) << 64 | head.key[1];
}

// Without branches: the outcome is a coin toss, and a wrong guess costs more than all comparisons.
template <unsigned key_columns>
bool head_less(const Head<key_columns>& a, const Head<key_columns>& b) {
  const Wide front_a = front_key(a);
  const Wide front_b = front_key(b);
  bool rest = a.order < b.order;
  if constexpr (key_columns == 3)
    rest = static_cast<bool>((a.key[2] < b.key[2]) | ((a.key[2] == b.key[2]) & rest));
  return static_cast<bool>((front_a < front_b) | ((front_a == front_b) & rest));
}

template <unsigned key_columns>
class TreeMerger final : public RunMerger {
 public:
  TreeMerger(const RunSchema& schema, std::span<const std::shared_ptr<const RunFile>> runs,
             const MergeRange& range, ReadAhead ahead)
      : schema_(schema), run_count_(static_cast<std::uint32_t>(runs.size())) {
    streams_.reserve(runs.size());
    for (const auto& run : runs) streams_.push_back(std::make_unique<RunStream>(run, range, ahead));
    heads_.resize(runs.size());
    tree_.resize(std::max<std::size_t>(runs.size(), 1));
  }

  Result<std::size_t> next(std::span<Row> rows) override {
    if (!started_) start();
    std::size_t count = 0;
    while (count < rows.size() && alive()) {
      Row& row = rows[count];
      take(row);
      const auto key = row_key(row);
      if (any_ && !(last_key_ < key)) [[unlikely]]
        fail(corrupt("set " + schema_.name + ": a run holds rows out of order"));
      last_key_ = key;
      any_ = true;
      while (alive() && heads_[tree_[0]].key == key) {
        Row newer;
        take(newer);
        if (schema_.merge)
          schema_.merge(row, newer);
        else
          row = newer;
      }
      ++count;
    }
    if (error_) return *error_;
    return count;
  }

 private:
  using Key = std::array<std::uint64_t, key_columns>;

  static Key row_key(const Row& row) {
    Key key;
    std::copy_n(row.column.begin(), key_columns, key.begin());
    return key;
  }

  // An exhausted stream keeps a greatest key with an order behind all runs, and so loses to every
  // row.
  [[nodiscard]] bool alive() const {
    return run_count_ > 0 && !error_ && heads_[tree_[0]].order < run_count_;
  }

  void start() {
    started_ = true;
    for (std::uint32_t i = 0; i < run_count_; ++i) {
      heads_[i].order = i;
      reload(i);
    }
    // Play the first tournament from the leaves (nodes run_count_ ...) up.
    std::vector<std::uint32_t> winners(std::size_t{2} * run_count_);
    for (std::uint32_t i = 0; i < run_count_; ++i) winners[run_count_ + i] = i;
    for (std::uint32_t node = run_count_; node-- > 1;) {
      std::uint32_t winner = winners[2 * node];
      std::uint32_t loser = winners[2 * node + 1];
      if (head_less(heads_[loser], heads_[winner])) std::swap(winner, loser);
      winners[node] = winner;
      tree_[node] = loser;
    }
    if (run_count_ > 0) tree_[0] = run_count_ == 1 ? 0 : winners[1];
  }

  void set_head(std::uint32_t i) {
    const RunStream& stream = *streams_[i];
    for (unsigned c = 0; c < key_columns; ++c) heads_[i].key[c] = stream.column(c, stream.position);
  }

  void reload(std::uint32_t i) {
    const Result<bool> more = streams_[i]->load();
    if (more.ok() && *more) return set_head(i);
    heads_[i].key.fill(~std::uint64_t{0});
    heads_[i].order = run_count_ + i;
    if (!more.ok()) fail(more.error());
  }

  // Moves the least row to `row` and lets its stream play again.
  void take(Row& row) {
    const std::uint32_t winner = tree_[0];
    RunStream& stream = *streams_[winner];
    for (unsigned c = 0; c < row_columns_max; ++c)
      row.column[c] = stream.column(c, stream.position);
    if (++stream.position < stream.end) [[likely]]
      set_head(winner);
    else
      reload(winner);
    std::uint32_t current = winner;
    for (std::uint32_t node = (winner + run_count_) / 2; node > 0; node /= 2) {
      const std::uint32_t loser = tree_[node];
      const bool swap = head_less(heads_[loser], heads_[current]);
      tree_[node] = swap ? current : loser;
      current = swap ? loser : current;
    }
    tree_[0] = current;
  }

  // The first error ends everything: no stream has rows any more.
  void fail(Error error) {
    if (!error_) error_ = std::move(error);
  }

  const RunSchema& schema_;
  const std::uint32_t run_count_;
  std::vector<std::unique_ptr<RunStream>> streams_;
  std::vector<Head<key_columns>> heads_;
  std::vector<std::uint32_t> tree_;  // 0: the winner; above: who lost at that node
  Key last_key_{};
  bool any_ = false;
  bool started_ = false;
  std::optional<Error> error_;
};

}  // namespace

std::unique_ptr<RunMerger> make_merger(const RunSchema& schema,
                                       std::span<const std::shared_ptr<const RunFile>> runs,
                                       const MergeRange& range, ReadAhead ahead) {
  require(schema.key_columns >= 1 && schema.key_columns <= key_columns_max,
          "one to three key columns");
  switch (schema.key_columns) {
    case 1:
      return std::make_unique<TreeMerger<1>>(schema, runs, range, ahead);
    case 2:
      return std::make_unique<TreeMerger<2>>(schema, runs, range, ahead);
    default:
      return std::make_unique<TreeMerger<3>>(schema, runs, range, ahead);
  }
}

}  // namespace zan::storage
