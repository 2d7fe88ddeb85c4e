// The reactive core: alien-signals, with nested batches that tell when they end.
import {
  computed as derive,
  effect as watch,
  endBatch as leave,
  getActiveSub,
  getBatchDepth,
  setActiveSub,
  signal,
  startBatch as beginBatch,
} from 'alien-signals'
import { report } from '../engine/errors'

export { beginBatch, signal }

export type Cleanup = () => void

let batchEnded: () => void = () => {}

/** Names the one function that runs when the outermost batch has ended and its effects have run. */
export function onBatchEnd(run: () => void): void {
  batchEnded = run
}

export function endBatch(): void {
  leave()
  if (!getBatchDepth()) batchEnded()
}

export function batch<T>(run: () => T): T {
  beginBatch()
  try {
    return run()
  } finally {
    endBatch()
  }
}

/** Whether something is listening to what is read now. */
export const tracking = (): boolean => getActiveSub() !== undefined

/** Runs without subscribing whoever runs it; effects made inside belong to nobody else. */
export function untracked<T>(run: () => T): T {
  const subscriber = setActiveSub(undefined)
  try {
    return run()
  } finally {
    setActiveSub(subscriber)
  }
}

const peeking: ReturnType<typeof getActiveSub>[] = []

export function startPeeking(): void {
  peeking.push(setActiveSub(undefined))
}

export function stopPeeking(): void {
  setActiveSub(peeking.pop())
}

/**
 * Runs now and again whenever something read has changed. An error is reported and stops neither
 * the effect nor its neighbours. A returned function runs before the next run and at the end.
 */
export function effect(run: () => unknown): Cleanup {
  return watch(() => {
    try {
      const cleanup = run()
      if (typeof cleanup === 'function') return cleanup as Cleanup
    } catch (cause) {
      report({}, cause)
    }
    return undefined
  })
}

export function computed<T>(read: () => T): () => T {
  return derive(read)
}
