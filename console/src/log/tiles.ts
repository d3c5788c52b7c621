// The transparency log read by its tiles (docs/formats/log.md, C2SP tlog-tiles): any entry, its proof, and the root of any
// older size, all computed here from what is public.

import { sha256 } from "zan-verify";

const tileWidth = 256;
const hashBytes = 32;

// Reads a file of the log: "tile/0/000". Injected, so that tests need no server.
export type Read = (path: string) => Promise<Uint8Array>;

export function numberPath(n: number): string {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, "0");
  const groups = digits.match(/\d{3}/g)!;
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
}

// The file with place `index` of a level of which there are `count`.
export function tilePath(level: number | "entries", index: number, count: number): string {
  const tile = Math.floor(index / tileWidth);
  const width = Math.min(tileWidth, count - tile * tileWidth);
  return `tile/${level}/${numberPath(tile)}${width < tileWidth ? `.p/${width}` : ""}`;
}

export async function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  const bytes = new Uint8Array(1 + 2 * hashBytes);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + hashBytes);
  return sha256(bytes);
}

export async function leafHash(entry: Uint8Array): Promise<Uint8Array> {
  const bytes = new Uint8Array(1 + entry.length);
  bytes.set(entry, 1);
  return sha256(bytes);
}

export class LogReader {
  private readonly files = new Map<string, Promise<Uint8Array>>();
  constructor(
    private readonly read: Read,
    readonly size: number,
  ) {}

  private file(path: string): Promise<Uint8Array> {
    const known = this.files.get(path);
    if (known) return known;
    const asked = this.read(path);
    asked.catch(() => this.files.delete(path));
    this.files.set(path, asked);
    return asked;
  }

  async entry(index: number): Promise<Uint8Array> {
    const bundle = await this.file(tilePath("entries", index, this.size));
    let at = 0;
    for (let i = 0; i < index % tileWidth; ++i) at += 2 + ((bundle[at]! << 8) | bundle[at + 1]!);
    const length = (bundle[at]! << 8) | bundle[at + 1]!;
    return bundle.slice(at + 2, at + 2 + length);
  }

  private async hashAt(level: number, index: number): Promise<Uint8Array> {
    const count = Math.floor(this.size / tileWidth ** level);
    const tile = await this.file(tilePath(level, index, count));
    const at = (index % tileWidth) * hashBytes;
    return tile.slice(at, at + hashBytes);
  }

  // Hash of the leaves from `from`, `count` of them; RFC 6962 section 2.1.
  async hashOf(from: number, count: number): Promise<Uint8Array> {
    if (count === 0) return sha256(new Uint8Array());
    const height = Math.floor(Math.log2(count));
    if (2 ** height === count && from % count === 0) {
      const level = Math.floor(height / 8);
      const scale = tileWidth ** level;
      if (count === scale) return this.hashAt(level, from / scale);
    }
    const split = 2 ** (height === Math.log2(count) ? height - 1 : height);
    const [left, right] = await Promise.all([this.hashOf(from, split), this.hashOf(from + split, count - split)]);
    return nodeHash(left, right);
  }

  // The root when the log had `size` entries: what an older checkpoint must have said.
  rootAt(size: number): Promise<Uint8Array> {
    return this.hashOf(0, size);
  }

  // RFC 6962 section 2.1.1, siblings from the leaf up.
  async proof(index: number, from = 0, count = this.size): Promise<Uint8Array[]> {
    if (count <= 1) return [];
    const height = Math.floor(Math.log2(count));
    const split = 2 ** (2 ** height === count ? height - 1 : height);
    if (index < split)
      return [...(await this.proof(index, from, split)), await this.hashOf(from + split, count - split)];
    return [...(await this.proof(index - split, from + split, count - split)), await this.hashOf(from, split)];
  }
}
