import {
  climb,
  parseCheckpoint,
  parseNote,
  parseVkey,
  toBase64,
  verifyNote,
  type Checkpoint,
  type Key,
} from "zan-verify";
import { ApiProblem } from "../api/client";
import { leafHash, LogReader } from "./tiles";

async function readLog(path: string): Promise<Uint8Array> {
  const answer = await fetch(`/log/${path}`, { credentials: "same-origin" }).catch(() => {
    throw new ApiProblem(0, {});
  });
  if (!answer.ok) throw new ApiProblem(answer.status, { title: path }, answer);
  return new Uint8Array(await answer.arrayBuffer());
}

const readText = async (path: string): Promise<string> => new TextDecoder().decode(await readLog(path));

export interface Head {
  text: string;
  checkpoint: Checkpoint;
  size: number;
  signers: Key[];
  // Lines of the note that are not by a key of the log: witnesses.
  others: { name: string; id: string }[];
  refused: boolean;
  before: { size: number; extended: boolean } | null;
}

const place = "zan.log-seen";

// What this browser saw of the log the last time. A log that shows two stories does not lead from it to the present.
function seenBefore(origin: string): { size: number; root: string } | null {
  try {
    const seen = JSON.parse(localStorage.getItem(place) ?? "{}") as Record<string, { size: number; root: string }>;
    return seen[origin] ?? null;
  } catch {
    return null;
  }
}

function keepSeen(origin: string, size: number, root: string): void {
  try {
    localStorage.setItem(place, JSON.stringify({ [origin]: { size, root } }));
  } catch {
    // Then the next visit starts anew.
  }
}

export async function readHead(): Promise<Head> {
  const [text, vkeys] = await Promise.all([readText("checkpoint"), readText("log.vkey")]);
  const note = parseNote(text);
  const checkpoint = parseCheckpoint(note.text);
  const keys = await Promise.all(
    vkeys
      .split("\n")
      .filter((line) => line !== "")
      .map(parseVkey),
  );
  const verified = await verifyNote(note, keys).catch(() => null);
  const size = Number(checkpoint.size);
  const root = toBase64(checkpoint.root);
  const seen = seenBefore(checkpoint.origin);
  let before: Head["before"] = null;
  if (seen && seen.size <= size) {
    before = {
      size: seen.size,
      extended: toBase64(await new LogReader(readLog, size).rootAt(seen.size)) === seen.root,
    };
  }
  if (verified && before?.extended !== false) keepSeen(checkpoint.origin, size, root);
  return {
    text,
    checkpoint,
    size,
    before,
    signers: verified?.signers ?? [],
    others: note.signatures.filter((line) => !keys.some((key) => key.name === line.name && key.id === line.id)),
    refused: verified === null,
  };
}

export interface Entry {
  index: number;
  type: number;
  bytes: Uint8Array;
  commitment: Uint8Array;
  leaf: Uint8Array;
}

async function entryAt(reader: LogReader, index: number): Promise<Entry> {
  const bytes = await reader.entry(index);
  return { index, type: bytes[0] ?? 0, bytes, commitment: bytes.slice(2), leaf: await leafHash(bytes) };
}

export interface ProvenEntry extends Entry {
  way: Awaited<ReturnType<typeof climb>>;
  root: Uint8Array;
  holds: boolean;
}

// An entry, with its proof made from the tiles and climbed here to the signed root.
export async function provenEntry(head: Head, index: number): Promise<ProvenEntry> {
  const reader = new LogReader(readLog, head.size);
  const entry = await entryAt(reader, index);
  const proof = await reader.proof(index);
  const way = await climb(BigInt(index), head.checkpoint.size, entry.leaf, proof);
  const root = way.at(-1)?.hash ?? entry.leaf;
  return { ...entry, way, root, holds: toBase64(root) === toBase64(head.checkpoint.root) };
}

// A page of entries downwards from `end`.
export async function entriesBelow(size: number, end: number, count: number): Promise<Entry[]> {
  const reader = new LogReader(readLog, size);
  const entries: Entry[] = [];
  for (let index = end - 1; index >= 0 && entries.length < count; --index) entries.push(await entryAt(reader, index));
  return entries;
}

const typeNames: Record<number, string> = {
  1: "like",
  2: "unlike",
  3: "dislike",
  6: "comment",
  7: "follow",
  8: "unfollow",
  32: "verdict",
};
export const typeName = (type: number): string => typeNames[type] ?? String(type);
