/** What a vendor knows of the requests that must be carried out once: how each was answered last, by its id. */
export interface Ledger {
  /** A request comes in; until it is answered, nobody knows whether it is carried out. */
  arrived(id: string): void;
  answered(id: string, how: 'carried out' | 'rejected'): void;
  carriedOut(id: string): boolean;
  /** Those that came again though their token had not been rejected, or that were carried out twice. */
  readonly sentTwice: readonly string[];
}

export function createLedger(): Ledger {
  const last = new Map<string, 'open' | 'rejected' | 'carried out'>();
  const sentTwice: string[] = [];
  return {
    sentTwice,
    arrived(id) {
      if ((last.get(id) ?? 'rejected') !== 'rejected') sentTwice.push(id);
      last.set(id, 'open');
    },
    answered(id, how) {
      if (how === 'carried out' && last.get(id) === how) sentTwice.push(id);
      last.set(id, how);
    },
    carriedOut: (id) => last.get(id) === 'carried out',
  };
}
