// Written by `npm run derive` from the schemas.

/** Where a solved image looks. */
export interface SolvedField {
  /** The id of the job. */
  job_id: string;
  /** The name of the image. */
  filename?: string;
  /** When the job ended, Unix seconds. */
  finished_at: number;
  /** Right ascension of the centre, degrees, J2000. */
  ra_center: number;
  /** Declination of the centre, degrees, J2000. */
  dec_center: number;
  /** Width and height, degrees. */
  fov_deg: [number, number];
  /** Of the smallest circle around its centre that holds it, degrees. */
  radius_deg?: number;
  /** RA and Dec of the corners, in their order around it, degrees, J2000. */
  corners?: [number, number][];
  /** What a person would say that the picture shows. */
  subject?: {
    /** What it is called. */
    name: string;
    /** What people call it. */
    common_name?: string;
    /** What it is, such as `galaxy`. */
    type?: string;
  };
}

/** A page of solved jobs. */
export interface FieldPage {
  /** The newest first. */
  fields: SolvedField[];
  /** Cursor of the next page; absent on the last. */
  next?: string;
}
