// datastar-patch-signals: a merge patch for the signals.
// data: signals | onlyIfMissing
import { fail } from '../engine/errors'
import type { WatcherPlugin } from '../engine/plugins'
import { isPlain, mergePatch } from '../signals/store'

/** JSON, or a JavaScript object. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    try {
      return Function(`return (${text}\n)`)()
    } catch {
      return fail('PatchSignalsExpectedSignals', cause)
    }
  }
}

export const patchSignals: WatcherPlugin = {
  name: 'datastar-patch-signals',
  apply({ except }, { signals = '', onlyIfMissing }) {
    const patch = parse(signals)
    if (!isPlain(patch)) fail('PatchSignalsExpectedSignals', signals.slice(0, 80))
    mergePatch(patch, { ifMissing: onlyIfMissing === 'true', ...(except ? { except } : {}) })
  },
}
