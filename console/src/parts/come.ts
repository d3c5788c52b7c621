// The pages of a list that have come, looked into as one list without being put together.

export class Come<T> {
  readonly #pages: readonly { items: readonly T[] }[];
  readonly #starts: number[] = [];
  readonly count: number;

  constructor(pages: readonly { items: readonly T[] }[]) {
    this.#pages = pages;
    let count = 0;
    for (const page of pages) {
      this.#starts.push(count);
      count += page.items.length;
    }
    this.count = count;
  }

  // Of `index` from 0 to before `count`.
  at(index: number): T {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= index) low = middle;
      else high = middle;
    }
    return this.#pages[low]!.items[index - this.#starts[low]!]!;
  }

  map<U>(each: (item: T) => U): U[] {
    return this.#pages.flatMap((page) => page.items.map(each));
  }
}
