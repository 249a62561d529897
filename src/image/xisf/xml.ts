/** An element of an XML document with what is in it; namespaces are left in the names. */
export interface XmlElement {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** The text between its tags, without the one of its children. */
  text: string;
}

/** What a document says that is no well-formed XML, or more of it than is read. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

const MAX_ELEMENTS = 200_000;
const MAX_DEPTH = 32;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w{1,8});/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return NAMED[entity] ?? whole;
    const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  // Sticky: what is no attribute ends the search, which would take quadratic time otherwise.
  const attribute = /\s*([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
  for (let found = attribute.exec(text); found; found = attribute.exec(text)) {
    const [, name = '', double, single] = found;
    if (!attributes.has(name)) attributes.set(name, decoded(double ?? single ?? ''));
  }
  return attributes;
}

/** Markup that is no element: where it starts, and what ends it. */
const OTHER_MARKUP: readonly (readonly [start: string, end: string])[] = [
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<!', '>'],
];
const CDATA = '<![CDATA[';

/** Where a tag ends: `>` may stand in the value of an attribute. */
function endOfTag(xml: string, start: number): number {
  for (let at = start; at < xml.length; at++) {
    const character = xml[at];
    if (character === '>') return at + 1;
    if (character !== '"' && character !== "'") continue;
    at = xml.indexOf(character, at + 1);
    if (at < 0) break;
  }
  throw new XmlError('a tag is not closed');
}

/**
 * Reads the elements of a document, its root first. Enough for documents that programs have written: entities of a DTD are
 * not known, and nothing outside the text is ever fetched.
 * @throws XmlError
 */
export function parseXml(xml: string): XmlElement {
  const root: XmlElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  let elements = 0;
  let at = 0;
  const skipTo = (end: string, from: number): number => {
    const found = xml.indexOf(end, from);
    if (found < 0) throw new XmlError('it is cut off');
    return found + end.length;
  };
  while (at < xml.length) {
    const parent = open.at(-1) ?? root;
    const start = xml.indexOf('<', at);
    parent.text += decoded(xml.slice(at, start < 0 ? xml.length : start));
    if (start < 0) break;
    if (xml.startsWith(CDATA, start)) {
      at = skipTo(']]>', start);
      parent.text += xml.slice(start + CDATA.length, at - 3);
      continue;
    }
    const other = OTHER_MARKUP.find(([begin]) => xml.startsWith(begin, start));
    if (other) {
      at = skipTo(other[1], start + other[0].length);
      continue;
    }
    at = endOfTag(xml, start + 1);
    const tag = xml.slice(start + 1, at - 1);
    if (tag.startsWith('/')) {
      if (open.length === 1 || parent.name !== tag.slice(1).trim())
        throw new XmlError(`</${tag.slice(1, 40)}> closes nothing`);
      open.pop();
      continue;
    }
    const empty = tag.endsWith('/');
    const name = /^[^\s/]+/.exec(tag)?.[0] ?? '';
    const element = { name, attributes: attributesOf(tag.slice(name.length)), children: [], text: '' };
    parent.children.push(element);
    if (++elements > MAX_ELEMENTS) throw new XmlError(`it has more than ${MAX_ELEMENTS} elements`);
    if (empty) continue;
    open.push(element);
    if (open.length > MAX_DEPTH) throw new XmlError('its elements are nested too deep');
  }
  const [first] = root.children;
  if (!first || open.length > 1) throw new XmlError('it is cut off');
  return first;
}
