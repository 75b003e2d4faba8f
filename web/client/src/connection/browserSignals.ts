/** What the browser knows about the network and the person. */
export interface Signals {
  isOnline(): boolean;
  /** Calls back until undone. */
  watch(heard: (signal: 'wake' | 'network_lost' | 'network_back') => void): () => void;
}

/** The page's own signals; outside a browser there are none and the network counts as up. */
export const browserSignals: Signals = {
  isOnline: () => typeof navigator === 'undefined' || navigator.onLine,
  watch(heard) {
    if (typeof window === 'undefined') return () => {};
    const lost = () => heard('network_lost');
    const back = () => heard('network_back');
    const seen = () => {
      if (document.visibilityState === 'visible') heard('wake');
    };
    window.addEventListener('offline', lost);
    window.addEventListener('online', back);
    document.addEventListener('visibilitychange', seen);
    return () => {
      window.removeEventListener('offline', lost);
      window.removeEventListener('online', back);
      document.removeEventListener('visibilitychange', seen);
    };
  },
};
