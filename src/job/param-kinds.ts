/** Which group of the command line's help a parameter stands in. */
export type ParamGroup = 'field' | 'solve';

/** What is declared of every parameter. */
export interface ParamFacts {
  /** What it means, for a person: help, OpenAPI and docs say the same. */
  text: string;
  /** How the command line calls it, with a placeholder where it takes a value. */
  flag: string;
  /** Where the help of the command line lists it. */
  group: ParamGroup;
  /** The unit of its number. */
  unit?: string;
}

/** A number within bounds. */
export interface NumberParam extends ParamFacts {
  /** `integer` takes whole numbers only. */
  kind: 'number' | 'integer';
  /** The smallest value; `above` excludes it. */
  min?: number;
  /** What it has to be above. */
  above?: number;
  /** The largest value. */
  max?: number;
  /** Its value where none is given; `null`: no value. */
  default: number | null;
}

/** One of a few values. */
export interface ChoiceParam extends ParamFacts {
  /** Tells it from the others. */
  kind: 'choice';
  /** The values that it can have. */
  choices: readonly (string | number)[];
  /** Other words for choices, on the command line. */
  words?: Readonly<Record<string, string | number>>;
  /** Its value where none is given; `null`: no value. */
  default: string | number | null;
}

/** True or false. */
export interface FlagParam extends ParamFacts {
  /** Tells it from the others. */
  kind: 'flag';
  /** Its value where none is given. */
  default: boolean;
}

/** A name of lower-case letters, digits, dots, dashes and underscores. */
export interface NameParam extends ParamFacts {
  /** Tells it from the others. */
  kind: 'name';
  /** Its value where none is given. */
  default: string;
}

/** Any text. */
export interface TextParam extends ParamFacts {
  /** Tells it from the others. */
  kind: 'text';
  /** Characters at most. */
  maxLength: number;
  /** There is none. */
  default: null;
}

/** A JSON document; the command line takes the name of a file that holds it. */
export interface DocumentParam extends ParamFacts {
  /** Tells it from the others. */
  kind: 'document';
  /** What it has to be, as messages say it. */
  expected: string;
  /** There is none. */
  default: null;
}

/** What is declared of one parameter. */
export type Param = NumberParam | ChoiceParam | FlagParam | NameParam | TextParam | DocumentParam;

/** The values that a parameter can have when it is given, as the messages of refusals say it. */
export function expected(param: Param): string {
  switch (param.kind) {
    case 'flag':
      return 'true or false';
    case 'name':
      return 'a name of lower-case letters, digits, dots, dashes and underscores';
    case 'text':
      return `1 to ${param.maxLength} characters`;
    case 'document':
      return param.expected;
    case 'choice':
      return param.choices.length === 2 ? param.choices.join(' or ') : `one of ${param.choices.join(', ')}`;
    case 'integer':
      return `a whole number from ${param.min} to ${param.max}`;
    case 'number':
      return param.above === 0
        ? `a positive number of ${param.unit}`
        : `${param.unit} from ${param.min} to ${param.max}`;
  }
}
