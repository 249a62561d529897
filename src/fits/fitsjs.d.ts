/** The part of fitsjs 0.6 that is used; the package has no types of its own. */
declare module 'fitsjs' {
  class Header {
    constructor(cards: string);
  }
  class BinaryTable {
    constructor(header: Header, data: ArrayBuffer);
    /** Calls back at once, since the data are in memory. */
    getRows(first: number, count: number, callback: (rows: Record<string, unknown>[]) => void): void;
  }
  const fitsjs: { astro: { FITS: { Header: typeof Header; BinaryTable: typeof BinaryTable } } };
  export default fitsjs;
}
