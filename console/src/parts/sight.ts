// What of a list is in sight: which rows, where they stand, and where the window does. When heights turn out to be others
// than was guessed, the window follows, and the row that is looked at stays where it is.

import { Placing } from "./placing";
import { squeezeOf, toRows, toWindow, type Squeeze } from "./squeeze";

const beyondSight = 8;

export class Sight {
  readonly placing: Placing;
  count = 0;
  // Where the list begins on the page.
  #top = 0;
  // Where the window stands, and where it would if the list were not squeezed.
  #window = window.scrollY;
  #rows = window.scrollY;

  constructor(guess: number) {
    this.placing = new Placing(guess);
  }

  get squeeze(): Squeeze {
    return squeezeOf(this.#top, this.placing.top(this.count), window.innerHeight);
  }

  get squeezed(): boolean {
    return this.squeeze.tall < this.squeeze.whole;
  }

  // The rows to draw, from the first to before the second, and where the first begins within the list as laid out.
  get drawn(): { from: number; to: number; boxTop: number } {
    const seen = this.#rows - this.#top;
    const from = Math.max(0, Math.min(this.placing.at(seen), this.count - 1) - beyondSight);
    const to = Math.min(this.count, this.placing.at(seen + window.innerHeight) + 1 + beyondSight);
    return { from, to: Math.max(from, to), boxTop: this.placing.top(from) - (this.#rows - this.#window) };
  }

  // Looks where list and window stand; whether either was moved.
  look(list: HTMLElement): boolean {
    const top = list.getBoundingClientRect().top + window.scrollY;
    const still = window.scrollY === this.#window && Math.abs(top - this.#top) < 1;
    if (still) return false;
    this.#top = top;
    if (window.scrollY !== this.#window) {
      this.#window = window.scrollY;
      this.#rows = toRows(this.squeeze, this.#window);
    }
    return true;
  }

  // `change` says whether it changed what is known of heights; then the row that is looked at is where `stand` goes to.
  keeping(change: () => boolean): boolean {
    const seen = this.#rows - this.#top;
    const row = this.placing.at(seen);
    const within = seen - this.placing.top(row);
    if (!change()) return false;
    if (seen > 0) this.#rows = this.#top + this.placing.top(row) + within;
    return true;
  }

  // Moves the window to what is looked at, once the list is laid out as tall as it now is; whether it was moved.
  stand(): boolean {
    // Whoever scrolls meanwhile is not held back.
    if (this.#rows <= this.#top || window.scrollY !== this.#window) return false;
    const to = toWindow(this.squeeze, this.#rows);
    const rounded = Math.abs(to - window.scrollY) < 1;
    if (!rounded) window.scrollTo({ top: to, behavior: "instant" });
    const moved = window.scrollY !== this.#window;
    this.#window = window.scrollY;
    // At the end of the page the window goes no further.
    if (!this.squeezed || Math.abs(to - this.#window) >= 1) this.#rows = toRows(this.squeeze, this.#window);
    return moved;
  }
}
