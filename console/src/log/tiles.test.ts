import { describe, expect, it } from "vitest";
import { sha256, toHex } from "zan-verify";
import { leafHash, LogReader, nodeHash, numberPath, tilePath } from "./tiles";

// A log in memory, its tiles made by another way than the reader reads them: all hashes of each level of the whole tree.
async function makeLog(size: number) {
  const entries = Array.from({ length: size }, (_, i) => Uint8Array.of(1, 1, i >> 8, i & 255));
  const leaves = await Promise.all(entries.map(leafHash));
  const full = async (from: number, count: number): Promise<Uint8Array> => {
    if (count === 0) return sha256(new Uint8Array());
    if (count === 1) return leaves[from]!;
    let split = 1;
    while (split * 2 < count) split *= 2;
    return nodeHash(await full(from, split), await full(from + split, count - split));
  };
  const read = async (path: string): Promise<Uint8Array> => {
    const [, kind, number, width] = /^tile\/([^/]+)\/(\d{3})(?:\.p\/(\d+))?$/.exec(path)!;
    const from = Number(number) * 256;
    const count = Number(width ?? 256);
    if (kind === "entries") {
      return new Uint8Array(entries.slice(from, from + count).flatMap((entry) => [0, entry.length, ...entry]));
    }
    const span = 256 ** Number(kind);
    const hashes = await Promise.all(Array.from({ length: count }, (_, i) => full((from + i) * span, span)));
    return new Uint8Array(hashes.flatMap((hash) => [...hash]));
  };
  return { entries, full, reader: new LogReader(read, size) };
}

describe("paths of tiles", () => {
  it("writes numbers in groups of three", () => {
    expect(numberPath(5)).toBe("005");
    expect(numberPath(999)).toBe("999");
    expect(numberPath(1000)).toBe("x001/000");
    expect(numberPath(1234067)).toBe("x001/x234/067");
  });
  it("names the partial tiles of 70,000 entries as the format does", () => {
    expect(tilePath(0, 69_999, 70_000)).toBe("tile/0/273.p/112");
    expect(tilePath(1, 272, 273)).toBe("tile/1/001.p/17");
    expect(tilePath(2, 0, 1)).toBe("tile/2/000.p/1");
    expect(tilePath(0, 0, 70_000)).toBe("tile/0/000");
  });
});

describe("a log by its tiles", () => {
  it.each([1, 2, 3, 7, 255, 256, 257, 300, 520])("gives entries, roots and proofs of %i entries", async (size) => {
    const { entries, full, reader } = await makeLog(size);
    const root = toHex(await full(0, size));
    expect(toHex(await reader.rootAt(size))).toBe(root);
    for (const index of new Set([0, size >> 1, size - 1])) {
      expect(await reader.entry(index)).toEqual(entries[index]);
      const { climb } = await import("zan-verify");
      const way = await climb(BigInt(index), BigInt(size), await leafHash(entries[index]!), await reader.proof(index));
      expect(toHex(way.at(-1)?.hash ?? (await leafHash(entries[index]!)))).toBe(root);
    }
  });
  it("gives the root of every older size", async () => {
    const { full, reader } = await makeLog(300);
    for (const size of [0, 1, 2, 100, 255, 256, 257, 299])
      expect(toHex(await reader.rootAt(size))).toBe(toHex(await full(0, size)));
  });
});
