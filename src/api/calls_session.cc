// Calls about who is signed in: the session, and one's own password and second factor.
#include "api/account_json.h"
#include "api/account_calls.h"
#include "api/cookie.h"
#include "api/target.h"
#include "api/text.h"

namespace zan::api {
namespace {

using accounts::SignInAnswer;
using accounts::SignInOutcome;

SessionState state_of(const ServerState& server) {
  SessionState state;
  state.on = server.accounts != nullptr;
  state.demo = state.on && server.demo;
  if (state.demo) state.demo_roles = server.accounts->demo_roles();
  return state;
}

// What a try that did not succeed is answered with.
void fail_try(Session& session, const SignInAnswer& answer) {
  switch (answer.outcome) {
    case SignInOutcome::totp_needed:
      return session.fail({Problem::totp_needed, "send the code of the second factor as totp", {}});
    case SignInOutcome::locked_out: {
      const std::int64_t seconds = (answer.wait_us + us_per_second - 1) / us_per_second;
      session.add_field("Retry-After", std::to_string(seconds));
      return session.fail({Problem::locked_out, "try again in " + std::to_string(seconds) + " s", {}});
    }
    case SignInOutcome::wrong:
    case SignInOutcome::done:
      break;
  }
  session.fail({Problem::sign_in, {}, {}});
}

// A slow hash: few at a time, on the pool. `then` gets an answer that went well.
void try_on_pool(Session& session, std::function<Result<SignInAnswer>()> work,
                 std::function<void(Session&, const SignInAnswer&)> then) {
  auto permit = std::make_shared<Permit>(Permit::take(session.server().sign_ins, session.limits().sign_ins));
  const Failure busy{Problem::unavailable, "too many are signing in at the moment; try again in a second", {}};
  if (!*permit) return session.fail(busy);
  auto job = [work = std::move(work), then = std::move(then), permit]() -> std::function<void(Session&)> {
    auto tried = std::make_shared<Result<SignInAnswer>>(work());
    *permit = {};
    return [tried, then](Session& there) {
      if (!tried->ok()) return there.fail(tried->error(), Problem::invalid_body);
      then(there, **tried);
    };
  };
  if (!session.run(std::move(job))) session.fail(busy);
}

void enter(Session& session, const SignInAnswer& answer) {
  ServerState& server = session.server();
  if (session.who()) server.accounts->sign_out(*session.who(), false);
  if (answer.who.role != accounts::Role::viewer)
    session.note_staff(answer.who.name, std::string(to_string(answer.who.role)), {}, 200);
  session.add_field("Set-Cookie", session_cookie(server.on_loopback, answer.token));
  session.answer_json(render_session(state_of(server), answer.who));
}

void enter_demo(Session& session, accounts::Role role) {
  ServerState& server = session.server();
  if (!server.demo) return session.fail({Problem::refused, "this server is no demo", "/demo_role"});
  // A page of elsewhere whose name was made to lead here must not walk in.
  if (!is_loopback_host(session.request().host))
    return session.fail({Problem::refused, "a demo is for this machine: use 127.0.0.1 or localhost", "Host"});
  const Result<SignInAnswer> answer = server.accounts->sign_in_demo(role);
  if (!answer.ok()) return session.fail(answer.error(), Problem::invalid_body);
  enter(session, *answer);
}

void run_sign_in(Session& session, std::string_view body) {
  ServerState& server = session.server();
  if (server.accounts == nullptr) return session.fail({Problem::refused, "this server was started without accounts", {}});
  const std::string_view type = session.request().content_type;
  // What a page of elsewhere can send without being asked is not this.
  if (!iequals(trimmed(type.substr(0, type.find(';'))), "application/json"))
    return session.fail({Problem::unsupported_media_type, "send application/json", "Content-Type"});
  Result<SignInBody> said = parse_sign_in(body);
  if (!said.ok()) return session.fail(said.error(), Problem::invalid_body);
  if (said->demo_role) return enter_demo(session, *said->demo_role);
  said->request.address = session.address();
  const std::string name = said->request.name;
  try_on_pool(
      session,
      [accounts = server.accounts, request = std::move(said->request)] { return accounts->sign_in(request); },
      [name](Session& there, const SignInAnswer& answer) {
        if (answer.outcome == SignInOutcome::done) return enter(there, answer);
        if (answer.known && answer.outcome == SignInOutcome::wrong) there.note_staff(name, "", {}, 401);
        fail_try(there, answer);
      });
}

void run_sign_out(Session& session) {
  const auto parameters = Parameters::parse(session.query(), {"all"});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const std::string* all = parameters->find("all");
  if (all != nullptr && *all != "true") return session.fail({Problem::invalid_parameter, "all is true or not there", "all"});
  ServerState& server = session.server();
  if (session.who()) server.accounts->sign_out(*session.who(), all != nullptr);
  if (server.accounts != nullptr) session.add_field("Set-Cookie", session_cookie(server.on_loopback, {}));
  session.answer_nothing();
}

void done_or_fail(Session& session, const SignInAnswer& answer) {
  if (answer.outcome != SignInOutcome::done) return fail_try(session, answer);
  session.answer_nothing();
}

void run_set_password(Session& session, std::string_view body) {
  Result<PasswordChange> change = parse_password_change(body);
  if (!change.ok()) return session.fail(change.error(), Problem::invalid_body);
  try_on_pool(
      session,
      [accounts = session.server().accounts, who = *session.who(), change = std::move(*change),
       address = session.address()] { return accounts->set_password(who, change.old, change.fresh, address); },
      done_or_fail);
}

void run_begin_totp(Session& session) {
  const Result<std::string> secret = session.server().accounts->begin_totp(*session.who());
  if (!secret.ok()) return session.fail(secret.error(), Problem::invalid_body);
  session.answer_json(render_totp(session.who()->name, *secret));
}

void run_totp(Session& session, std::string_view body) {
  const bool confirm = session.call() == Call::confirm_totp;
  Result<std::string> text = parse_one_text(body, confirm ? "code" : "password");
  if (!text.ok()) return session.fail(text.error(), Problem::invalid_body);
  try_on_pool(
      session,
      [accounts = session.server().accounts, who = *session.who(), text = std::move(*text), confirm,
       address = session.address()] {
        return confirm ? accounts->confirm_totp(who, text, address) : accounts->end_totp(who, text, address);
      },
      done_or_fail);
}

}  // namespace

void run_session(Session& session, std::string_view body) {
  switch (session.call()) {
    case Call::sign_in:
      return run_sign_in(session, body);
    case Call::sign_out:
      return run_sign_out(session);
    case Call::set_password:
      return run_set_password(session, body);
    case Call::begin_totp:
      return run_begin_totp(session);
    case Call::confirm_totp:
    case Call::end_totp:
      return run_totp(session, body);
    default:
      return session.answer_json(render_session(state_of(session.server()), session.who()));
  }
}

}  // namespace zan::api
