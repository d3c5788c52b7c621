// Who looks, and what they may see. A server without accounts lets everybody be everything; then the role, and whose eyes
// are looked through, are chosen on the page.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { api, ApiProblem, ask, setCsrf, type Role, type Schemas } from "../api/client";

type Session = Schemas["Session"];

export const allRoles: Role[] = ["viewer", "creator", "brand", "operator", "auditor"];

interface Who {
  state: "loading" | "out" | "in" | "broken";
  error: unknown;
  open: boolean;
  demo: boolean;
  demoRoles: Role[];
  role: Role;
  roles: Role[];
  name: string | null;
  user: string | null;
  creator: string | null;
  staff: boolean;
  totp: boolean;
  mayChange: boolean;
  again: () => void;
  look: (as: Partial<Look>) => void;
  signIn: (with_: SignIn) => Promise<void>;
  signOut: (everywhere?: boolean) => Promise<void>;
}

type SignIn = { name: string; password: string; totp?: string } | { demo_role: Role };

// As whom an open server, or an operator, looks.
interface Look {
  role: Role;
  user: string;
  creator: string;
}

const place = "zan.look";

function readLook(): Partial<Look> {
  try {
    const found = JSON.parse(localStorage.getItem(place) ?? "{}") as Partial<Look>;
    return found.role && !allRoles.includes(found.role) ? {} : found;
  } catch {
    return {};
  }
}

async function askSession(): Promise<Session> {
  try {
    return await ask(api.GET("/v1/session"));
  } catch (error) {
    // A server from before there were accounts.
    if (error instanceof ApiProblem && error.status === 404)
      return { signed_in: false, accounts: "off", demo: false, demo_roles: [] };
    throw error;
  }
}

// Somebody to look as where nobody was chosen: whoever liked the most liked work last, and who made it. Works of the
// simulator, whose names begin with sim-, only where there is nothing else.
async function firstPeople(): Promise<{ user: string | null; creator: string | null }> {
  const top = await ask(api.GET("/v1/top", { params: { query: { window: "all", limit: 50 } } }));
  const work = top.items.find((item) => !item.subject.startsWith("sim-")) ?? top.items[0];
  if (!work) return { user: null, creator: null };
  const params = { path: { id: work.subject }, query: { limit: 1 } };
  const [likers, entries] = await Promise.all([
    ask(api.GET("/v1/subjects/{id}/likers", { params })),
    ask(api.GET("/v1/subjects/{id}/evidence", { params })).catch(() => null),
  ]);
  return { user: likers.items[0]?.actor ?? null, creator: entries?.items[0]?.event.creator || null };
}

const WhoContext = createContext<Who | null>(null);

export function useWho(): Who {
  const who = useContext(WhoContext);
  if (!who) throw new Error("outside of WhoProvider");
  return who;
}

function useLook(): [Partial<Look>, (as: Partial<Look>) => void] {
  const [look, setLook] = useState(readLook);
  const change = useCallback((as: Partial<Look>) => {
    setLook((before) => {
      const next = { ...before, ...as };
      try {
        localStorage.setItem(place, JSON.stringify(next));
      } catch {
        // It holds until the page is closed.
      }
      return next;
    });
  }, []);
  return [look, change];
}

export function WhoProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const session = useQuery({
    queryKey: ["session"],
    queryFn: askSession,
    staleTime: 60_000,
    refetchOnWindowFocus: true,
  });
  const [look, change] = useLook();
  const open = session.data?.accounts === "off";
  const account = session.data?.account;
  const free = open || account?.role === "operator";
  const people = useQuery({ queryKey: ["first-people"], queryFn: firstPeople, enabled: free, staleTime: Infinity });
  useEffect(() => setCsrf(session.data?.csrf ?? null), [session.data?.csrf]);

  const value = useMemo<Who>(() => {
    // What one person asked for is not for the next one.
    const forgetAllBut = (name: string) => client.removeQueries({ predicate: (query) => query.queryKey[0] !== name });
    const role = free ? (look.role ?? account?.role ?? "operator") : (account?.role ?? "viewer");
    // Only these pages look through somebody's eyes: no other one waits until somebody is found.
    const needsSomebody = role === "viewer" || role === "creator";
    const signed = open || session.data?.signed_in === true;
    return {
      state: session.data
        ? !signed
          ? "out"
          : people.isLoading && needsSomebody
            ? "loading"
            : "in"
        : session.error
          ? "broken"
          : "loading",
      error: session.error,
      open,
      demo: session.data?.demo ?? false,
      demoRoles: session.data?.demo_roles ?? [],
      role,
      roles: free ? allRoles : account ? [account.role] : [],
      name: account?.name ?? null,
      user: account?.user ?? (free ? (look.user ?? people.data?.user ?? null) : null),
      creator: account?.creator ?? (free ? (look.creator ?? people.data?.creator ?? null) : null),
      totp: account?.totp ?? false,
      staff: role === "operator" || role === "auditor",
      mayChange: free ? role !== "auditor" : account?.role !== "auditor",
      again: () => void session.refetch(),
      look: change,
      signIn: async (with_) => {
        const answer = await ask(api.POST("/v1/session", { body: with_ }));
        setCsrf(answer.csrf ?? null);
        client.setQueryData(["session"], answer);
        forgetAllBut("session");
      },
      signOut: async (everywhere) => {
        await ask(api.DELETE("/v1/session", { params: { query: everywhere ? { all: "true" } : {} } }));
        setCsrf(null);
        await session.refetch();
        forgetAllBut("session");
      },
    };
  }, [session, look, account, free, open, people.data, people.isLoading, change, client]);
  return <WhoContext.Provider value={value}>{children}</WhoContext.Provider>;
}
