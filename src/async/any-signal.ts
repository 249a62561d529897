const sources = new WeakMap<AbortSignal, readonly AbortSignal[]>();

/**
 * `AbortSignal.any`, whose sources live for as long as what is made of them. Node (20.20) refers to them weakly: an
 * `AbortSignal.timeout` that no other code holds is collected, and its timer with it, and then it never aborts.
 */
export function anySignal(...signals: AbortSignal[]): AbortSignal {
  const any = AbortSignal.any(signals);
  sources.set(any, signals);
  return any;
}
