#include "storage/run_merge.h"

#include <algorithm>
#include <utility>

#include "base/require.h"
#include "storage/run_key.h"

namespace zan::storage {

RunStream::RunStream(std::shared_ptr<const RunFile> run, const MergeRange& range, ReadAhead ahead)
    : run_(std::move(run)), range_(range), ahead_(ahead) {
  const RunFences& fences = run_->fences();
  block_ = range_.from ? fences.block_of(*range_.from) : 0;
  blocks_end_ = range_.to ? fences.blocks_below(*range_.to) : fences.size();
  buffer_blocks_end_ = block_;
}

// Reads as many whole blocks as the read-ahead allows, one at least.
Result<void> RunStream::read_more() {
  const RunFences& fences = run_->fences();
  buffer_offset_ = fences.offset(block_);
  std::uint64_t blocks_end = block_ + 1;
  while (blocks_end < blocks_end_ && run_->block_end(blocks_end) - buffer_offset_ <= ahead_.first_bytes) ++blocks_end;
  const std::size_t bytes = run_->block_end(blocks_end - 1) - buffer_offset_;
  if (buffer_capacity_ < bytes + pack_slack) {
    const std::uint64_t left = run_->block_end(blocks_end_ - 1) - buffer_offset_;
    buffer_capacity_ = std::max<std::size_t>(bytes, std::min<std::uint64_t>(ahead_.first_bytes, left)) + pack_slack;
    buffer_ = std::make_unique_for_overwrite<std::byte[]>(buffer_capacity_);
  }
  ZAN_TRY(run_->read_blocks(buffer_offset_, {buffer_.get(), bytes}));
  std::memset(buffer_.get() + bytes, 0, pack_slack);
  buffer_blocks_end_ = blocks_end;
  ahead_.first_bytes = std::min(ahead_.most_bytes, std::max(bytes, ahead_.first_bytes) * 2);
  return {};
}

Result<void> RunStream::load_block() {
  if (block_ == buffer_blocks_end_) ZAN_TRY(read_more());
  const std::uint64_t offset = run_->fences().offset(block_);
  const std::size_t size = run_->block_end(block_) - offset;
  ZAN_TRY(run_->check_block(block_, {buffer_.get() + (offset - buffer_offset_), size}, view_));
  ++block_;
  // Only the first and the last block can hold rows outside the range.
  const unsigned key_columns = run_->footer().key_columns;
  next_row_ = range_.from ? view_.lower_bound(*range_.from, key_columns) : 0;
  range_.from.reset();
  const bool last = range_.to && block_ == blocks_end_;
  const unsigned end = last ? view_.lower_bound(*range_.to, key_columns) : view_.rows();
  rows_end_ = std::max(next_row_, end);
  return {};
}

Result<std::span<const Row>> RunStream::load() {
  while (next_row_ == rows_end_) {
    if (block_ >= blocks_end_) return std::span<const Row>();
    ZAN_TRY(load_block());
  }
  const unsigned from = next_row_;
  const unsigned from_group = from / pack_group;
  next_row_ = std::min(rows_end_, from_group * pack_group + ahead_.first_rows);
  ahead_.first_rows = std::min(ahead_.first_rows * 2, row_block_rows);
  view_.decode(from_group, (next_row_ + pack_group - 1) / pack_group, rows_.data());
  return std::span<const Row>(rows_).subspan(from, next_row_ - from);
}

namespace {

// What the tree compares: the key, then the age of the run, so that equal keys come oldest first.
// `order` is the stream's number; an exhausted stream has a greatest key and an order beyond all
// numbers, and so loses to every row.
template <unsigned key_columns>
struct Head {
  std::array<std::uint64_t, key_columns> key;
  std::uint64_t order;
};

template <unsigned key_columns>
bool head_below(const Head<key_columns>& a, const Head<key_columns>& b) {
  return key_below<key_columns>(a.key, b.key, borrows(0, a.order, b.order));
}

template <unsigned key_columns>
void swap_if(bool swap, Head<key_columns>& a, Head<key_columns>& b) {
  const std::uint64_t mask = -std::uint64_t{swap};
  const auto exchange = [mask](std::uint64_t& x, std::uint64_t& y) {
    const std::uint64_t difference = (x ^ y) & mask;
    x ^= difference;
    y ^= difference;
  };
  for (unsigned c = 0; c < key_columns; ++c) exchange(a.key[c], b.key[c]);
  exchange(a.order, b.order);
}

template <unsigned key_columns>
class TreeMerger final : public RunMerger {
 public:
  TreeMerger(const RunSchema& schema, std::span<const std::shared_ptr<const RunFile>> runs, const MergeRange& range,
             ReadAhead ahead)
      : schema_(schema), run_count_(runs.size()) {
    lanes_.reserve(runs.size());
    for (const auto& run : runs) lanes_.push_back({std::make_unique<RunStream>(run, range, ahead), nullptr, nullptr});
    nodes_.resize(std::max<std::size_t>(runs.size(), 1), exhausted(0));
  }

  Result<std::size_t> next(std::span<Row> rows) override {
    if (!started_) start();
    std::size_t count = 0;
    while (count < rows.size() && alive()) {
      const Head<key_columns> least = nodes_[0];
      Row& row = rows[count++];
      take(row);
      if (!key_below<key_columns>(least.key, nodes_[0].key)) [[unlikely]]
        settle(least, row);
    }
    if (error_) return *error_;
    return count;
  }

 private:
  // A stream and those of its rows that wait.
  struct Lane {
    std::unique_ptr<RunStream> stream;
    const Row* at;
    const Row* end;
  };

  static Head<key_columns> head_of(const Row& row, std::uint64_t lane) {
    Head<key_columns> head;
    for (unsigned c = 0; c < key_columns; ++c) head.key[c] = row.column[c];
    head.order = lane;
    return head;
  }
  [[nodiscard]] Head<key_columns> exhausted(std::uint64_t lane) const {
    Head<key_columns> head;
    head.key.fill(~std::uint64_t{0});
    head.order = run_count_ + lane;
    return head;
  }
  [[nodiscard]] bool alive() const { return nodes_[0].order < run_count_; }

  // Plays the first tournament, from the leaves (nodes run_count_ ...) up.
  void start() {
    started_ = true;
    std::vector<Head<key_columns>> winners(2 * run_count_);
    for (std::uint64_t i = 0; i < run_count_; ++i) winners[run_count_ + i] = reload(i);
    for (std::uint64_t node = run_count_; node-- > 1;) {
      winners[node] = winners[2 * node];
      nodes_[node] = winners[2 * node + 1];
      swap_if(head_below(nodes_[node], winners[node]), nodes_[node], winners[node]);
    }
    if (run_count_ > 0 && !error_) nodes_[0] = winners[1];
  }

  // The first row of the lane's next block.
  Head<key_columns> reload(std::uint64_t number) {
    Lane& lane = lanes_[number];
    const auto rows = lane.stream->load();
    if (!rows.ok()) fail(rows.error());
    if (!rows.ok() || rows->empty()) return exhausted(number);
    lane.at = rows->data();
    lane.end = lane.at + rows->size();
    return head_of(*lane.at, number);
  }

  // Moves the least row to `row` and lets its stream play again. REQUIRES: alive().
  void take(Row& row) {
    const std::uint64_t number = nodes_[0].order;
    Lane& lane = lanes_[number];
    row = *lane.at++;
    Head<key_columns> head = lane.at != lane.end ? head_of(*lane.at, number) : reload(number);
    for (std::uint64_t node = (number + run_count_) / 2; node > 0; node /= 2)
      swap_if(head_below(nodes_[node], head), nodes_[node], head);
    nodes_[0] = error_ ? exhausted(0) : head;
  }

  // The next key is not above `least`, that of `row`: the same, or out of order.
  void settle(const Head<key_columns>& least, Row& row) {
    while (alive() && nodes_[0].key == least.key) {
      Row newer;
      take(newer);
      if (schema_.merge)
        schema_.merge(row, newer);
      else
        row = newer;
    }
    if (alive() && nodes_[0].key < least.key) fail(corrupt("set " + schema_.name + ": a run holds rows out of order"));
  }

  // The first error ends everything: the winner is then a stream that has no rows.
  void fail(Error error) {
    if (!error_) error_ = std::move(error);
    nodes_[0] = exhausted(0);
  }

  const RunSchema& schema_;
  const std::uint64_t run_count_;
  std::vector<Lane> lanes_;
  std::vector<Head<key_columns>> nodes_;
  bool started_ = false;
  std::optional<Error> error_;
};

}  // namespace

std::unique_ptr<RunMerger> make_merger(const RunSchema& schema, std::span<const std::shared_ptr<const RunFile>> runs,
                                       const MergeRange& range, ReadAhead ahead) {
  require(schema.key_columns >= 1 && schema.key_columns <= key_columns_max, "one to three key columns");
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
