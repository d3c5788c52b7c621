// The types of the one verifier there is, src/api/verify_page/verify.js, which the page for receipts runs, too.

export class Refusal extends Error {
  code: string;
  details: Record<string, unknown>;
}
export class Unable extends Error {
  code: "no_secure_context" | "no_ed25519";
}
export interface Key {
  name: string;
  id: string;
  publicKey: Uint8Array;
  vkey: string;
}
export interface ReceiptEvent {
  type: string;
  number: bigint;
  at: bigint;
  received: bigint;
  incentivised: boolean;
  changed: boolean;
  replaced: string;
  replaced_incentivised: boolean;
  verdict: "unjudged" | "genuine" | "held" | "rejected";
  actor: Uint8Array;
  subject: string;
  creator: string;
  region: string;
  surface: string;
  text_hash: Uint8Array | null;
}
export interface ParsedReceipt {
  form: "json" | "proof";
  event: ReceiptEvent;
  opening: Uint8Array;
  identity: { user: string; key: Uint8Array } | null;
  index: bigint;
  proof: Uint8Array[];
  checkpoint: string;
}
export interface Checkpoint {
  origin: string;
  size: bigint;
  root: Uint8Array;
}
export interface Note {
  text: string;
  signatures: { name: string; id: string; signature: Uint8Array }[];
}
export type Step = "form" | "person" | "signature" | "inclusion";
export interface Report {
  state: "proven" | "refused";
  done: Step[];
  failed?: Step;
  refusal?: Refusal;
  receipt?: ParsedReceipt;
  checkpoint?: Checkpoint;
  signers?: Key[];
  unknown?: number;
  entry?: Uint8Array;
  leaf?: Uint8Array;
  root?: Uint8Array;
  way?: { side: "left" | "right"; sibling: Uint8Array; hash: Uint8Array }[];
}
export const steps: Step[];
export function utf8(text: string): Uint8Array;
export function toHex(bytes: Uint8Array): string;
export function toBase64(bytes: Uint8Array): string;
export function sha256(bytes: Uint8Array): Promise<Uint8Array>;
export function formatTime(at: bigint): string;
export function parseVkey(text: string): Promise<Key>;
export function parseNote(text: string): Note;
export function parseCheckpoint(text: string): Checkpoint;
export function verifyNote(note: Note, keys: Key[]): Promise<{ signers: Key[]; unknown: number }>;
export function climb(
  index: bigint,
  size: bigint,
  leaf: Uint8Array,
  proof: Uint8Array[],
): Promise<{ side: "left" | "right"; sibling: Uint8Array; hash: Uint8Array }[]>;
export function requireCrypto(): Promise<void>;
export function verifyReceipt(bytes: Uint8Array, keys: Key[]): Promise<Report>;
