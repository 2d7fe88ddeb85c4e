// How long to wait before the next attempt: growing, capped, and never the same for everybody.

export interface BackoffOptions {
  retryInterval?: number
  retryScaler?: number
  retryMaxWait?: number
  retryMaxCount?: number
}

export class Backoff {
  count = 0
  #base: number
  readonly #scaler: number
  readonly #maxWait: number
  readonly #maxCount: number

  constructor({
    retryInterval = 1000,
    retryScaler = 2,
    retryMaxWait = 30_000,
    retryMaxCount = 10,
  }: BackoffOptions) {
    this.#base = retryInterval
    this.#scaler = retryScaler
    this.#maxWait = retryMaxWait
    this.#maxCount = retryMaxCount
  }

  /** The server's own wish (`retry:`) replaces the base. */
  set base(milliseconds: number) {
    this.#base = milliseconds
  }

  /** Something arrived: the next failure starts from the base again. */
  reset(): void {
    this.count = 0
  }

  /** Milliseconds until the next attempt, or `undefined` when there were enough. */
  next(endless: boolean): number | undefined {
    if (this.count >= this.#maxCount && !endless) return undefined
    const wait = Math.min(
      this.#base * this.#scaler ** this.count++,
      Math.max(this.#maxWait, this.#base),
    )
    // Spread over half as long again: clients that were cut together do not come back together.
    return wait * (1 + Math.random() / 2)
  }
}
