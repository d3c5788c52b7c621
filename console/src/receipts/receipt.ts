// Fetches a receipt as bytes, exactly as the server wrote them, and has them verified here.

import { parseVkey, requireCrypto, Unable, utf8, verifyReceipt, type Key, type Report } from "zan-verify";
import { api, ApiProblem, ask } from "../api/client";

export interface Checked {
  text: string;
  report: Report | null;
  unable: string | null;
}

const waitMax = 20;

const pause = (milliseconds: number, signal?: AbortSignal) =>
  new Promise<void>((done, stop) => {
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      stop(new DOMException("gone", "AbortError"));
    });
  });

// An event is in the log a moment after it was taken in; until then the server says how long.
export async function fetchReceipt(id: string, user: string | null, signal?: AbortSignal): Promise<string> {
  for (let tries = 0; tries < waitMax; ++tries) {
    const call = await api
      .GET("/v1/receipts/{id}", {
        params: { path: { id }, query: user === null ? {} : { user } },
        parseAs: "text",
        signal,
      })
      .catch((error: unknown) => {
        if (signal?.aborted) throw error;
        throw new ApiProblem(0, {});
      });
    if (call.response.status === 200) return String(call.data);
    if (call.response.status !== 202) await ask(Promise.resolve(call));
    const pending = JSON.parse(String(call.data)) as { ready_in_ms: number };
    await pause(Math.min(Math.max(pending.ready_in_ms, 100), 2000), signal);
  }
  throw new ApiProblem(503, { title: "the log does not get on" });
}

export async function logKeys(): Promise<Key[]> {
  const text = await ask(api.GET("/log/{path}", { params: { path: { path: "log.vkey" } }, parseAs: "text" }));
  return Promise.all(
    String(text)
      .split("\n")
      .filter((line) => line !== "")
      .map(parseVkey),
  );
}

export async function check(text: string): Promise<Checked> {
  try {
    await requireCrypto();
    return { text, report: await verifyReceipt(utf8(text), await logKeys()), unable: null };
  } catch (error) {
    if (error instanceof Unable) return { text, report: null, unable: error.code };
    throw error;
  }
}

export const checkedReceipt = async (id: string, user: string | null, signal?: AbortSignal): Promise<Checked> =>
  check(await fetchReceipt(id, user, signal));

// A like in a list has no number; among all that the person may have exported it has one, its place in the journal.
export async function numberOfOwnLike(user: string, subject: string, at: string): Promise<string | null> {
  const everything: unknown = await ask(api.GET("/v1/users/{id}/export", { params: { path: { id: user } } }));
  const { acts } = everything as { acts?: { position: string; type: string; subject?: string; at: string }[] };
  const found = acts?.find((act) => act.type === "like" && act.subject === subject && act.at === at);
  return found ? `@${found.position}` : null;
}
