const SVG = 'http://www.w3.org/2000/svg';

export function svgElement<Tag extends keyof SVGElementTagNameMap>(tag: Tag): SVGElementTagNameMap[Tag] {
  return document.createElementNS(SVG, tag);
}

/** Puts SVG that the drawing code wrote in the place of what was there. Its texts are escaped; scripts in it would not be run. */
export function fillSvg(group: SVGGElement, markup: string): void {
  const parsed = new DOMParser().parseFromString(`<svg xmlns="${SVG}">${markup}</svg>`, 'image/svg+xml');
  group.replaceChildren(...parsed.documentElement.childNodes);
}
