/** How much is searched in the widest levels of quads while no others have been read: some 20 milliseconds of one core. */
export const WIDE_BUDGET = 20_000;
/** How much is searched in the wide levels of quads while the others are not there yet. */
export const SOON_BUDGET = 400_000;
/** Most images are found in their usual lists by then; the other lists cost time to make. */
export const SHORT_BUDGET = 200_000;
/** Some one and a half seconds of one core: of what is found at all, next to nothing is found later. */
export const FULL_BUDGET = 1_500_000;
/** Of the search for a fisheye image: some three seconds of one core. */
export const ALL_SKY_BUDGET = 3_000_000;
/** Of the search with a fisheye lens that other images have shown, before it is searched without: some 0.2 seconds. */
export const KNOWN_FISHEYE_BUDGET = 300_000;
