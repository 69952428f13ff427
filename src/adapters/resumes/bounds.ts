/** Reading stops here, in UTF-16 units: far more than a résumé may have, so that validation finds it too long. */
export const longestText = 1_000_000;
