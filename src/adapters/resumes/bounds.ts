/** Reading stops at this many UTF-16 units: more than a résumé may have, so that validation rejects it as too long. */
export const longestText = 1_000_000;
