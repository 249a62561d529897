import { escapeXml } from '../annotate/svg.js';

/** Tags by their names, those of AVM without prefix: a text, a list in order, or one without. */
export type Tags = Readonly<
  Record<string, string | readonly (string | number)[] | { bag: readonly string[] }>
>;

const AVM = 'http://www.communicatingastronomy.org/avm/1.0/';
const DUBLIN_CORE = 'http://purl.org/dc/elements/1.1/';
const BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>';
const END = '<?xpacket end="w"?>';

const isOfAvm = (name: string) => !name.includes(':');

/** Text of an element; line breaks are kept. */
const escaped = (text: string) => text.split('\n').map(escapeXml).join('\n');

function list(kind: 'Seq' | 'Bag', items: readonly (string | number)[]): string {
  const lines = items.map((item) => `<rdf:li>${escaped(String(item))}</rdf:li>`);
  return `<rdf:${kind}>${lines.join('')}</rdf:${kind}>`;
}

function description(tags: Tags): string {
  const elements = Object.entries(tags).map(([name, value]) => {
    const content =
      typeof value === 'string'
        ? escaped(value)
        : 'bag' in value
          ? list('Bag', value.bag)
          : list('Seq', value);
    const element = isOfAvm(name) ? `avm:${name}` : name;
    return `<${element}>${content}</${element}>`;
  });
  return `<rdf:Description rdf:about="" xmlns:avm="${AVM}" xmlns:dc="${DUBLIN_CORE}">\n${elements.join('\n')}\n</rdf:Description>\n`;
}

/** An XMP packet (ISO 16684-1) that holds `tags`; and all of `existing`, a packet, but for what an earlier solution said of the place. */
export function xmpPacket(tags: Tags, existing = ''): string {
  const end = existing.lastIndexOf('</rdf:RDF>');
  if (end >= 0) {
    // Keywords that were chosen by hand stay as they are.
    const added = Object.entries(tags).filter(([name]) => isOfAvm(name) || !existing.includes(`<${name}`));
    const kept = withoutPlace(existing.slice(0, end));
    return kept + description(Object.fromEntries(added)) + existing.slice(end);
  }
  return `${BEGIN}
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
${description(tags)}</rdf:RDF>
</x:xmpmeta>
${END}`;
}

const PLACE = '(?:Spatial\\.[A-Za-z]+|MetadataVersion)';
const ELEMENT = new RegExp(`<avm:(${PLACE})(?:\\s[^>]*)?(?:/>|>[^]*?</avm:\\1>)`, 'g');
const ATTRIBUTE = new RegExp(`\\savm:${PLACE}\\s*=\\s*(?:"[^"]*"|'[^']*')`, 'g');

const withoutPlace = (packet: string) => packet.replace(ELEMENT, '').replace(ATTRIBUTE, '');
