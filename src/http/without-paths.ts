/** A path from the root: in quotes, or as far as no character ends it that follows a path in a sentence. What belongs to an address is none. */
const PATH = /(?<![\w.:/~"'-])(?:"\/[^"\n]+"|'\/[^'\n]+'|\/[^\s"'`,;:()]*[^\s"'`,;:().])/g;

/** A message as a client may have it: how the folders of this machine are called is for its log. */
export const withoutPaths = (message: string): string => message.replace(PATH, '[path]');
