/** Where the library tells what it does: the shape of pino, console-like libraries and most others. */
export interface Logger {
  /** For whoever looks into the workings. */
  debug(fields: object, message: string): void;
  /** What happens in the normal run of things. */
  info(fields: object, message: string): void;
  /** What went wrong and was got over. */
  warn(fields: object, message: string): void;
  /** What failed. */
  error(fields: object, message: string): void;
}

const nothing = () => {};

/** The default: says nothing. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
