// Calls of operators about accounts, the trail of what staff did, and the demo's attacks.
#include "api/account_calls.h"
#include "api/account_json.h"
#include "api/target.h"
#include "api/text.h"

namespace zan::api {
namespace {

void run_audit(Session& session) {
  const auto audit = session.server().audit;
  if (audit == nullptr) return session.fail({Problem::unavailable, "this server keeps no trail", {}});
  const auto parameters = Parameters::parse(session.query(), {"limit", "cursor"});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const auto limit = read_limit(*parameters, accounts::audit_page_default, accounts::audit_page_max);
  if (!limit.ok()) return session.fail(limit.error(), Problem::invalid_parameter);
  const std::string* cursor = parameters->find("cursor");
  const auto before = cursor == nullptr ? std::optional<std::uint64_t>(0) : parse_number(*cursor);
  if (!before || (cursor != nullptr && *before == 0))
    return session.fail({Problem::invalid_parameter, "not a cursor of this list", "cursor"});
  answer_from_pool(session, [audit, limit = *limit, before = *before]() -> Result<std::string> {
    ZAN_ASSIGN(const accounts::AuditPage page, audit->page(limit, before));
    return render_audit(page);
  });
}

// Hashing a password is slow: on the pool.
void answer_change(Session& session, std::function<Result<accounts::Changed>()> change) {
  answer_from_pool(
      session,
      [change = std::move(change)]() -> Result<PoolAnswer> {
        ZAN_ASSIGN(const accounts::Changed changed, change());
        return PoolAnswer{.body = render_changed(changed)};
      },
      Problem::invalid_body);
}

void run_add(Session& session, std::string_view body) {
  Result<accounts::NewAccount> account = parse_new_account(body);
  if (!account.ok()) return session.fail(account.error(), Problem::invalid_body);
  answer_change(session,
                [accounts = session.server().accounts, account = std::move(*account)] { return accounts->add(account); });
}

void run_change(Session& session, std::string_view body) {
  Result<accounts::AccountChange> change = parse_account_change(body);
  if (!change.ok()) return session.fail(change.error(), Problem::invalid_body);
  answer_change(session, [accounts = session.server().accounts, name = session.id(), change = std::move(*change)] {
    return accounts->change(name, change);
  });
}

}  // namespace

void run_accounts(Session& session, std::string_view body) {
  switch (session.call()) {
    case Call::get_audit:
      return run_audit(session);
    case Call::add_account:
      return run_add(session, body);
    case Call::change_account:
      return run_change(session, body);
    default:
      return session.answer_json(render_accounts(session.server().accounts->list()));
  }
}

void run_attack(Session& session, std::string_view body) {
  const auto red_team = session.server().red_team;
  if (red_team == nullptr) return session.fail({Problem::refused, "only a demo on this machine is attacked", {}});
  if (session.call() == Call::get_attack) return session.answer_json(render_attack(red_team->status()));
  const Result<std::string> kind = parse_one_text(body, "kind");
  if (!kind.ok()) return session.fail(kind.error(), Problem::invalid_body);
  const Result<std::string> id = red_team->start(*kind);
  if (!id.ok()) return session.fail(id.error(), Problem::invalid_body);
  std::string answer = "{\"id\":";
  append_json_string(answer, *id);
  session.answer(202, "application/json", answer += "}\n");
}

}  // namespace zan::api
