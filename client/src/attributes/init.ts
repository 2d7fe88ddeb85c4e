// data-init="statements": runs when the element is bound. __delay.T __viewtransition. A returned
// function runs at its end.
import type { AttributePlugin } from '../engine/plugins'
import { timed } from '../engine/timing'
import { batch } from '../signals/reactive'

export const init: AttributePlugin = {
  name: 'init',
  requirement: { key: 'denied', value: 'must' },
  apply({ rx, mods }) {
    let cleanup: unknown
    const [run, cancel] = timed(() => (cleanup = batch(rx)), mods)
    run()
    return () => {
      cancel()
      if (typeof cleanup === 'function') cleanup()
    }
  },
}
