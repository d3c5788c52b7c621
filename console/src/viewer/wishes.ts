import type { Schemas } from "../api/client";

export type Interest = Schemas["Interests"]["tags"][number];

export const wishes = ["none", "more", "less", "never"] as const;

// A person's attributes with one consent changed and all else as it was.
export function withConsent(
  attributes: Schemas["UserAttributes"],
  purpose: string,
  yes: boolean,
): Schemas["UserAttributes"] {
  return { ...attributes, custom: { ...attributes.custom, [`consent.${purpose}`]: yes } };
}
