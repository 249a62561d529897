import { spreadEvenly } from './order.js';
import type { Star } from './star.js';
import { starlikeAmong } from './starlike.js';
import { type Trail, trailOf } from './trail.js';

/** Positions in the original image (FITS convention) in the order in which the engine shall look at them. */
export interface StarList {
  /** Place of each along a row, pixels. */
  x: number[];
  /** Place of each from row to row, pixels. */
  y: number[];
  /** Light of each above the background, in units of the image. */
  flux: number[];
  /** Background around each, in units of the image. */
  background: number[];
  /** How many stars were found in all. */
  detected: number;
  /** How the stars are drawn out; absent where that was not measured. */
  trail?: Trail;
  /** They are darker than their surroundings: the image is a negative. */
  isNegative?: true;
}

/** The engine verifies with all stars that it is given; more than this many of the brightest tell it nothing new. */
export const MAX_LISTED = 300;
/** Boxes over which a list is spread evenly: a nebula or a foreground cannot fill it alone. */
const BOXES = 10;

/**
 * A list of detected stars.
 * @param stars the brightest first
 * @param image its size in pixels
 * @param boxes over which the list is spread evenly; 0 for plain brightness
 * @param most so many are listed
 */
export function listOf(
  stars: readonly Star[],
  image: { width: number; height: number },
  boxes: number,
  most = MAX_LISTED,
): StarList {
  const listed = (boxes > 0 ? spreadEvenly(stars, image, boxes) : stars).slice(0, most);
  const trail = trailOf(stars);
  return {
    x: listed.map((star) => star.x),
    y: listed.map((star) => star.y),
    flux: listed.map((star) => star.peak),
    background: listed.map((star) => star.background),
    detected: stars.length,
    ...(trail && { trail }),
    ...(stars[0]?.isDark && { isNegative: true }),
  };
}

/**
 * The lists of detected stars that together find most fields: spread over the image, and by brightness alone; where most of the brightest
 * do not look like stars also those that do.
 * @param stars the brightest first, as `detectStars` gives them
 * @param image size of the original image, pixels
 */
export function listsOf(stars: readonly Star[], image: { width: number; height: number }): StarList[] {
  const starlike = starlikeAmong(stars);
  return [
    listOf(stars, image, BOXES),
    listOf(stars, image, 0),
    ...(starlike ? [listOf(starlike, image, 0)] : []),
  ];
}

/**
 * The list of the stars of a picture that is drawn over; none where it is not.
 * @param stars the brightest first, as `detectUndrawn` gives them
 * @param image size of the original image, pixels
 */
export function undrawnListOf(
  stars: readonly Star[],
  image: { width: number; height: number },
): StarList | undefined {
  return stars.length === 0 ? undefined : listOf(starlikeAmong(stars) ?? stars, image, 0);
}

/** A fisheye image has stars in every part of the sky, and what is no sky beside it. */
const WIDE_BOXES = 60;
const MAX_WIDE = 600;

/**
 * The two lists of detected stars that together find most fisheye images.
 * @param stars the brightest first, as `detectStars` gives them
 * @param image size of the original image, pixels
 */
export function wideListsOf(stars: readonly Star[], image: { width: number; height: number }): StarList[] {
  return [WIDE_BOXES, 0].map((boxes) => listOf(stars, image, boxes, MAX_WIDE));
}
