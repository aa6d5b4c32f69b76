/** The tour cannot go on: the demo is not there, or something promised did not happen. The message is for a person. */
export class TourError extends Error {
  override readonly name = 'TourError';
}
