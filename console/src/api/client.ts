// The API, typed by openapi.json: a call that changes there no longer compiles here.

import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Role = Schemas["Account"]["role"];

let csrf: string | null = null;
export const setCsrf = (token: string | null) => {
  csrf = token;
};
const safe = ["GET", "HEAD", "OPTIONS"];

const guard: Middleware = {
  onRequest({ request }) {
    if (csrf && !safe.includes(request.method)) request.headers.set("X-CSRF-Token", csrf);
    return request;
  },
};

export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: "same-origin",
  fetch: (request) => globalThis.fetch(request),
});
api.use(guard);

// What a server refuses, or that nothing answered at all (status 0).
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field: string;
  readonly requestId: string;
  readonly retryAfter: number;
  constructor(status: number, body: Partial<Schemas["Problem"]>, response?: Response) {
    super(body.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = (body.type ?? "").replace(/^urn:zhenzan:problem:/, "") || (status === 0 ? "offline" : "unknown");
    this.detail = body.detail ?? "";
    this.field = body.field ?? "";
    this.requestId =
      response?.headers.get("X-Request-Id") ?? (body.instance ?? "").replace(/^urn:zhenzan:request:/, "");
    this.retryAfter = Number(response?.headers.get("Retry-After") ?? 0);
  }
}

const isProblem = (value: unknown): value is Partial<Schemas["Problem"]> => typeof value === "object" && value !== null;

// The answer, or an ApiProblem thrown: `await ask(api.GET("/v1/status"))`.
export async function ask<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let answer;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiProblem(0, { title: "no answer" });
  }
  if (!answer.response.ok)
    throw new ApiProblem(answer.response.status, isProblem(answer.error) ? answer.error : {}, answer.response);
  return answer.data as T;
}

export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem ? error : new ApiProblem(0, { title: String(error), type: "urn:zhenzan:problem:page" });

// A name for an act that no other act has, so that its receipt can be asked for.
export function actId(): string {
  return `console-${crypto.randomUUID()}`;
}
