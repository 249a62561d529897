/** One instruction of a Dockerfile. */
export interface Step {
  instruction: string;
  /** What stands behind it, continued lines joined. */
  rest: string;
}

/** A stage: an image that is made of another one. */
export interface Stage {
  name: string;
  /** Another stage, or an image of a registry. */
  from: string;
  steps: Step[];
}

/** The stages of a Dockerfile, as far as those of this project go. @throws Error for what it does not know */
export function parseDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll('\\\n', ' ');
  for (const line of lines.split('\n').filter((one) => one.trim() !== '')) {
    const [, instruction = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (instruction === 'FROM') {
      const [, from = '', name = ''] = /^(\S+) AS (\S+)$/.exec(rest) ?? [];
      stages.push({ name, from, steps: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (!stage || instruction === '') throw new Error(`Not known here: ${line}`);
    stage.steps.push({ instruction, rest });
  }
  return stages;
}

/** What a container of a stage is started with. */
export interface Container {
  env: Record<string, string>;
  user: string;
  workdir: string;
  command: string[];
  healthcheck: string[];
}

const argvOf = (rest: string): string[] => {
  const argv: unknown = JSON.parse(rest);
  if (Array.isArray(argv) && argv.every((one) => typeof one === 'string')) return argv;
  throw new Error(`Expected the exec form: ${rest}`);
};

/** How the steps of a stage change what it is started with; steps that change its files are the caller's. */
export function configure(container: Container, { instruction, rest }: Step): void {
  if (instruction === 'USER') container.user = rest;
  else if (instruction === 'WORKDIR') container.workdir = rest;
  else if (instruction === 'CMD') container.command = argvOf(rest);
  else if (instruction === 'HEALTHCHECK') container.healthcheck = argvOf(rest.replace(/^.*?CMD /, ''));
  else if (instruction === 'ENV')
    for (const pair of rest.split(/\s+/)) {
      const [name = '', value = ''] = pair.split('=');
      container.env[name] = value;
    }
  else if (!['EXPOSE', 'VOLUME', 'RUN', 'COPY'].includes(instruction))
    throw new Error(`Not known here: ${instruction}`);
}
