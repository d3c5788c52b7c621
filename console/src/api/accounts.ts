// Calls of sessions, accounts, the audit trail and the red team, for as long as openapi.json does not describe them:
// what it describes takes the place of what stands here.

export type Role = "operator" | "creator" | "brand" | "viewer" | "auditor";

export interface Account {
  name: string;
  role: Role;
  user: string | null;
  creator: string | null;
  totp: boolean;
}

export interface Session {
  signed_in: boolean;
  accounts: "off" | "on";
  demo: boolean;
  demo_roles: Role[];
  account?: Account;
  csrf?: string;
  expires?: string;
}

export interface AccountRow extends Account {
  disabled: boolean;
  sessions: number;
  signed_in_at: string | null;
}

export interface ChangedAccount {
  account: AccountRow;
  password: string | null;
}

export interface AuditItem {
  at: string;
  by: string;
  role: string;
  what: string;
  target: string | null;
  status: number;
  request_id: string;
}

export interface Attack {
  running: boolean;
  id: string | null;
  kind: string | null;
  sent: number;
  of: number;
  subjects: string[];
  accounts: number;
  started: string | null;
  trouble?: string;
}

interface Json<T> {
  headers: { [name: string]: unknown };
  content: { "application/json": T };
}
// As openapi-typescript writes an operation.
interface Call<Answer, Query = never, Body = never> {
  parameters: { query?: Query; path?: never; header?: never; cookie?: never };
  requestBody?: [Body] extends [never] ? never : { content: { "application/json": Body } };
  responses: { 200: Json<Answer> };
}

export interface AccountPaths {
  "/v1/session": {
    get: Call<Session>;
    post: Call<Session, never, { name: string; password: string; totp?: string } | { demo_role: Role }>;
    delete: Call<unknown, { all?: "true" }>;
  };
  "/v1/accounts": {
    get: Call<{ items: AccountRow[] }>;
    post: Call<
      ChangedAccount,
      never,
      { name: string; role: Role; password?: string; user?: string | null; creator?: string | null }
    >;
  };
  "/v1/accounts/{id}": {
    put: Omit<
      Call<ChangedAccount, never, { role?: Role; disabled?: boolean; reset_password?: boolean }>,
      "parameters"
    > & {
      parameters: { query?: never; path: { id: string }; header?: never; cookie?: never };
    };
  };
  "/v1/account/password": { put: Call<unknown, never, { old: string; new: string }> };
  "/v1/account/totp": {
    post: Call<{ secret: string; otpauth: string }>;
    put: Call<unknown, never, { code: string }>;
    delete: Call<unknown, never, { password: string }>;
  };
  "/v1/audit": { get: Call<{ items: AuditItem[]; next: string | null }, { limit?: number; cursor?: string }> };
  "/v1/demo/attack": {
    get: Call<Attack>;
    post: Call<{ id: string }, never, { kind: string }>;
  };
}
