/** More would be read, or written, than is held in memory for one look ahead, or it takes longer than there is time for one. */
export class OverlayFull extends Error {
  override name = 'OverlayFull';
}
