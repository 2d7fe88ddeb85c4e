// data-on-interval="statements": runs again and again. __duration.T[.leading] (1 s)
// __viewtransition.
import type { AttributePlugin } from '../engine/plugins'
import { duration } from '../engine/grammar'
import { timed } from '../engine/timing'
import { batch } from '../signals/reactive'

export const onInterval: AttributePlugin = {
  name: 'on-interval',
  requirement: { key: 'denied', value: 'must' },
  apply({ mods, rx }) {
    const [run, cancel] = timed(() => batch(rx), mods)
    const args = mods.get('duration')
    if (args?.has('leading')) run()
    const timer = setInterval(run, duration(args, 1000))
    return () => {
      clearInterval(timer)
      cancel()
    }
  },
}
