/**
 * The fields of a document as they are documented. Documents keep what else they hold, since other programs write some of them, but no type
 * offers it: a misspelt field does not compile.
 */
export type Known<T> = T extends readonly unknown[]
  ? { [I in keyof T]: Known<T[I]> }
  : T extends object
    ? { [K in keyof T as string extends K ? (unknown extends T[K] ? never : K) : K]: Known<T[K]> }
    : T;
