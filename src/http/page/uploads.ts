import {
  type AstroJobsClient,
  AstroJobsClientError,
  type PublicStatus,
  type SolveParamsInput,
} from '../../client/index.js';

export interface Upload {
  name: string;
  /** Bytes; undefined of what the server fetches. */
  size?: number;
  /** 0 to 1. */
  fraction: number;
  error?: string;
  cancel(): void;
}

export interface UploadEvents {
  onChange(): void;
  onAccepted(status: PublicStatus): void;
  onUnauthorized(): void;
}

const SIDE_BY_SIDE = 3;

/** Sends files a few at a time, and tells how far each is: `fetch` cannot say that of what it sends. */
export function createUploads(client: AstroJobsClient, events: UploadEvents) {
  const all: Upload[] = [];
  const waiting: (() => void)[] = [];
  let running = 0;

  const next = () => {
    while (running < SIDE_BY_SIDE) {
      const start = waiting.shift();
      if (!start) return;
      running++;
      start();
    }
  };

  function forget(upload: Upload) {
    all.splice(all.indexOf(upload), 1);
    events.onChange();
  }

  function add(file: File, params: SolveParamsInput) {
    const request = new XMLHttpRequest();
    let cancelled = false;
    const upload: Upload = {
      name: file.name,
      size: file.size,
      fraction: 0,
      cancel() {
        cancelled = true;
        request.abort();
        forget(upload);
      },
    };
    all.push(upload);
    request.upload.onprogress = ({ loaded, total }) => {
      upload.fraction = total > 0 ? loaded / total : 0;
      events.onChange();
    };
    request.onloadend = () => {
      running--;
      next();
      if (cancelled) return;
      if (request.status === 202) {
        forget(upload);
        events.onAccepted(JSON.parse(request.responseText));
      } else {
        upload.error = refusal(request);
        if (request.status === 401) events.onUnauthorized();
        events.onChange();
      }
    };
    waiting.push(() => {
      if (cancelled) {
        running--;
        next();
        return;
      }
      request.open('POST', client.submitAddress(params));
      request.setRequestHeader('content-type', 'application/octet-stream');
      request.setRequestHeader('x-filename', encodeURIComponent(file.name.replace(/\p{Surrogate}/gu, '_')));
      request.send(file);
    });
    next();
  }

  /** Has the server fetch a picture. */
  async function addAddress(url: string, params: SolveParamsInput) {
    const aborter = new AbortController();
    const upload: Upload = {
      name: url.replace(/^https?:\/\//i, ''),
      fraction: 0,
      cancel() {
        aborter.abort();
        forget(upload);
      },
    };
    all.push(upload);
    events.onChange();
    try {
      const status = await client.submitUrl({ url, params }, { signal: aborter.signal });
      forget(upload);
      events.onAccepted(status);
    } catch (error) {
      if (aborter.signal.aborted) return;
      upload.error = error instanceof Error ? error.message : String(error);
      if (error instanceof AstroJobsClientError && error.status === 401) events.onUnauthorized();
      events.onChange();
    }
  }

  return { all, add, addAddress };
}

function refusal(request: XMLHttpRequest): string {
  if (request.status === 0) return 'The server could not be reached.';
  try {
    return String(JSON.parse(request.responseText).error);
  } catch {
    return new AstroJobsClientError(request.status, 'http_error', `HTTP ${request.status}`).message;
  }
}

/** Every file of a drop, folders and the folders in them included. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  if (entries.length === 0) return [...transfer.files];
  return (await Promise.all(entries.map(filesOf))).flat();
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.name.startsWith('.')) return [];
  if (entry.isFile)
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return found;
    for (const inner of batch) found.push(...(await filesOf(inner)));
  }
}
