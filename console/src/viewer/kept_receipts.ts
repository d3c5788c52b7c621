// The names of what was done from this browser, so that its receipts can be asked for. The acts themselves are the server's.

export interface Kept {
  viewer: string;
  id: string;
  subject: string;
  type: string;
  at: string;
}

const place = "zan.acts";
const keptMax = 500;

export function keptReceipts(viewer: string): Kept[] {
  try {
    const all = JSON.parse(localStorage.getItem(place) ?? "[]") as Kept[];
    return Array.isArray(all) ? all.filter((each) => each.viewer === viewer) : [];
  } catch {
    return [];
  }
}

export function keepReceipt(kept: Kept): void {
  try {
    const all = JSON.parse(localStorage.getItem(place) ?? "[]") as Kept[];
    localStorage.setItem(place, JSON.stringify([kept, ...all].slice(0, keptMax)));
  } catch {
    // The receipt can still be found by the like's place in the log.
  }
}
