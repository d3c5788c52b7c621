#include "problems/hydrate_rival.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "load/chunked.h"
#include "load/lines.h"
#include "measure/fail.h"
#include "net/resp.h"

namespace zan::bench {

namespace {

class ZanHydrate final : public HydrateContender {
 public:
  ZanHydrate(const std::filesystem::path& folder, const ZanOptions& options) : zan_(folder, options) {}

  LikeServer& server() override { return zan_; }
  std::uint16_t port() override { return zan_.port(); }

  std::string request_bytes(const HydrateRequest& request) override {
    std::string body = fmt::format(R"({{"viewer":"{}","subjects":[)", user_id(request.viewer));
    for (std::size_t i = 0; i < request.subjects.size(); ++i) {
      body += fmt::format("{}\"{}\"", i == 0 ? "" : ",", subject_id(request.subjects[i]));
    }
    body += "]}";
    return post_head("/v1/hydrate", "application/json", body.size()) + body;
  }

  std::unique_ptr<ReplyReader> make_reader(std::size_t) override { return std::make_unique<HttpReader>(); }

  void compare(const HydrateRequest& request, const HydrateTruth& truth, std::string_view reply) override {
    simdjson::dom::element json;
    if (parser_.parse(reply.data(), reply.size()).get(json)) fail("zan: no JSON: {}", reply);
    std::size_t i = 0;
    for (const simdjson::dom::element item : json["subjects"].get_array()) {
      if (i == request.subjects.size()) fail("zan: hydrate answers too much");
      const std::string id = subject_id(request.subjects[i]);
      if (item["subject"].get_string().value() != id ||
          item["counts"]["likes"].get_uint64().value() != truth.likes[i] ||
          item["viewer"]["liked"].get_bool().value() != truth.liked[i]) {
        fail("zan: hydrate is wrong about {}: expected {} likes, liked {}", id, truth.likes[i], bool{truth.liked[i]});
      }
      ++i;
    }
    if (i != request.subjects.size()) fail("zan: hydrate answers too little");
  }

  void stream(const Population& population, std::size_t begin, std::size_t end) override {
    if (!post_) post_ = std::make_unique<ChunkedPost>(zan_.port());
    lines_.clear();
    append_lines(lines_, population, begin, end);
    post_->send(lines_);
  }

  void end_stream(std::size_t sent) override {
    const HttpReply reply = post_->finish();
    post_.reset();
    if (reply.status != 200 || parse_ingest_answer(reply.body).accepted != sent) {
      fail("zan: the stream of {} likes ended with {} {}", sent, reply.status, reply.body.substr(0, 500));
    }
  }

 private:
  ZanServer zan_;
  std::unique_ptr<ChunkedPost> post_;
  std::string lines_;
  simdjson::dom::parser parser_;
};

class RedisHydrate final : public HydrateContender {
 public:
  RedisHydrate(const std::filesystem::path& folder, const RedisOptions& options)
      : redis_(folder, options), lists_(options.lists), pipeline_(options.pipeline) {}

  LikeServer& server() override { return redis_; }
  std::uint16_t port() override { return redis_.port(); }

  std::string request_bytes(const HydrateRequest& request) override {
    const std::string viewer = "l:" + redis_.user(request.viewer);
    std::string bytes;
    if (lists_) {
      std::vector<std::string> keys, members;
      for (const std::uint32_t id : request.subjects) {
        keys.push_back("c:" + redis_.subject(id));
        members.push_back(redis_.subject(id));
      }
      std::vector<std::string_view> get = {"MGET"}, liked = {"SMISMEMBER", viewer};
      get.insert(get.end(), keys.begin(), keys.end());
      liked.insert(liked.end(), members.begin(), members.end());
      append_command(bytes, get);
      append_command(bytes, liked);
      return bytes;
    }
    for (const std::uint32_t id : request.subjects) {
      append_command(
          bytes, {"HMGET", "c:" + redis_.subject(id), "likes", "dislikes", "views", "completes", "comments", "shares"});
      append_command(bytes, {"SISMEMBER", viewer, redis_.subject(id)});
    }
    return bytes;
  }

  std::unique_ptr<ReplyReader> make_reader(std::size_t subjects_each) override {
    return std::make_unique<RespReader>(lists_ ? 2 : 2 * subjects_each);
  }

  void compare(const HydrateRequest& request, const HydrateTruth& truth, std::string_view reply) override {
    std::vector<RespValue> values;
    for (std::size_t position = 0; position < reply.size();) {
      if (!parse_resp(reply, position, values.emplace_back())) fail("redis: half a reply");
    }
    for (std::size_t i = 0; i < request.subjects.size(); ++i) {
      const RespValue& count = lists_ ? values[0].items.at(i) : values.at(2 * i).items.at(0);
      const RespValue& liked = lists_ ? values.at(1).items.at(i) : values.at(2 * i + 1);
      if (std::strtoull(count.text.c_str(), nullptr, 10) != truth.likes[i] || (liked.integer == 1) != truth.liked[i]) {
        fail("redis: hydrate is wrong about {}", request.subjects[i]);
      }
    }
  }

  void stream(const Population& population, std::size_t begin, std::size_t end) override {
    if (!client_) client_ = std::make_unique<RespClient>(redis_.port());
    for (std::size_t at = begin; at < end; at += pipeline_) {
      const std::size_t until = std::min(end, at + pipeline_);
      commands_.clear();
      for (std::size_t i = at; i < until; ++i) {
        redis_.append_like(commands_, population.likes()[i], Population::at_ms(i));
      }
      client_->round_trip(commands_, 3 * (until - at));
    }
  }

  void end_stream(std::size_t) override {}

 private:
  RedisServer redis_;
  bool lists_;
  std::size_t pipeline_;
  std::unique_ptr<RespClient> client_;
  std::string commands_;
};

}  // namespace

std::unique_ptr<HydrateContender> make_hydrate_contender(const Context& context, const std::string& contender,
                                                         const std::filesystem::path& folder) {
  if (contender == "zan") return std::make_unique<ZanHydrate>(folder, context.zan);
  RedisOptions options = context.redis;
  options.lists = contender == "redis lists";
  return std::make_unique<RedisHydrate>(folder, options);
}

}  // namespace zan::bench
