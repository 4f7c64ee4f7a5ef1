/** Made by console/build/texts.ts. */
declare module 'virtual:texts' {
  /** The texts of each language by their keys, loaded when they are asked for. */
  export const catalogues: Record<string, (() => Promise<Record<string, string>>) | undefined>;
}
