// Where the rows of a list stand that are mostly not there: each is as tall as guessed until it is drawn and measured. Kept
// is by how much measured rows differ from the guess, in a Fenwick tree (Fenwick 1994), so that rows that come cost
// nothing, and a row's place, or the row at a place, a step for each doubling of their number.

export class Placing {
  readonly #guess: number;
  // Of row i at i, 0 while it is not measured.
  #heights = new Float64Array(64);
  // Node i is the sum of what the rows from i - (i & -i) to i - 1 are taller than guessed.
  #taller = new Float64Array(65);

  constructor(guess: number) {
    this.#guess = guess;
  }

  // Whether that was news.
  measured(row: number, height: number): boolean {
    while (row >= this.#heights.length) this.#grow();
    const before = this.#heights[row]! || this.#guess;
    this.#heights[row] = height;
    if (height === before) return false;
    for (let node = row + 1; node < this.#taller.length; node += node & -node) this.#taller[node]! += height - before;
    return true;
  }

  // In another width all are of another height.
  forget(): void {
    this.#heights.fill(0);
    this.#taller.fill(0);
  }

  // How far below the first row's top that of a row is; of the row after the last, how tall all are.
  top(row: number): number {
    let taller = 0;
    for (let node = Math.min(row, this.#heights.length); node > 0; node -= node & -node) taller += this.#taller[node]!;
    return row * this.#guess + taller;
  }

  // The row that such a place is in: the last whose top is not below it.
  at(place: number): number {
    let row = 0;
    let rest = place;
    for (let step = this.#heights.length; step >= 1; step /= 2) {
      if (row + step > this.#heights.length) continue;
      const height = step * this.#guess + this.#taller[row + step]!;
      if (height > rest) continue;
      row += step;
      rest -= height;
    }
    return Math.max(0, row === this.#heights.length ? row + Math.floor(rest / this.#guess) : row);
  }

  #grow(): void {
    const size = this.#heights.length;
    const heights = new Float64Array(2 * size);
    heights.set(this.#heights);
    const taller = new Float64Array(2 * size + 1);
    taller.set(this.#taller);
    taller[2 * size] = taller[size]!;
    this.#heights = heights;
    this.#taller = taller;
  }
}
