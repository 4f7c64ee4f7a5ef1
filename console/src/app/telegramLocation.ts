import { useBrowserLocation } from 'wouter-preact/use-browser-location';

/**
 * The address inside Telegram: it keeps the fragment, in which Telegram says who is there, on every page. The page may keep nothing
 * else, and loaded anew it has nobody but for that.
 */
export const useLocationInTelegram: typeof useBrowserLocation = (options) => {
  const [path, navigate] = useBrowserLocation(options);
  return [path, (to, how) => navigate(`${String(to)}${location.hash}`, how)];
};
