/** Texts of which many are equal, each kept once: a number from 1 for each; 0 stands for none. */
export class NumberedTexts {
  readonly #numbers: Map<string, number>;
  readonly #texts: string[];

  constructor(texts: readonly string[] = []) {
    this.#texts = [...texts];
    this.#numbers = new Map(texts.map((text, at) => [text, at + 1]));
  }

  get all(): readonly string[] {
    return this.#texts;
  }

  numberOf(text: string | undefined): number {
    if (text === undefined) return 0;
    const number = this.#numbers.get(text) ?? this.#texts.push(text);
    this.#numbers.set(text, number);
    return number;
  }

  /** The number of a text that is there; undefined where it is not. */
  find(text: string): number | undefined {
    return this.#numbers.get(text);
  }
}
