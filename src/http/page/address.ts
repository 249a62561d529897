/** What the fragment of the page's address names: a job, and a part of its view. */
export interface PageAddress {
  job: string | undefined;
  part: string | undefined;
}

export function pageAddress(): PageAddress {
  const [, job, part] = /^#([0-9a-f]{32})(?:\/([a-z]+))?$/.exec(location.hash) ?? [];
  return { job, part };
}

/** Goes to a part of a job's view, so that reload and back lead there. */
export function goToPart(job: string, part: string): void {
  location.hash = `${job}/${part}`;
}
