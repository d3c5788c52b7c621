// Names of people from a file or a text field: one a line, or the first column of a CSV; and how they are cut into the
// parts that the server takes.

export const partUsersMax = 100_000;
// Below the body's 8 MB, with room for what stands around the names.
export const partBytesMax = 7_000_000;

// Each once, in the order in which they came.
export function namesOf(text: string): string[] {
  const found = new Set<string>();
  for (const line of text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/)) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*(?:[,;\t]|$)/.exec(line);
    const name = quoted ? quoted[1]!.replaceAll('""', '"') : line.split(/[,;\t]/)[0]!.trim();
    if (name !== "") found.add(name);
  }
  return [...found];
}

export function partsOf(names: string[], usersMax = partUsersMax, bytesMax = partBytesMax): string[][] {
  const coder = new TextEncoder();
  const parts: string[][] = [];
  let part: string[] = [];
  let bytes = 0;
  for (const name of names) {
    const size = coder.encode(JSON.stringify(name)).length + 1;
    if (part.length > 0 && (part.length === usersMax || bytes + size > bytesMax)) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(name);
    bytes += size;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

// A number for all parts of one upload that no other has; whole numbers up to 2^53 are exact in JSON as read here.
export function uploadNumber(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2)) as unknown as [number, number];
  return (high % 2 ** 20) * 2 ** 32 + low + 1;
}
