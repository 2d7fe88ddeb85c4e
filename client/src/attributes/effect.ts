// data-effect="statements": runs now and whenever a signal it read changes. A returned function
// runs before the next run.
import type { AttributePlugin } from '../engine/plugins'

export const effectAttribute: AttributePlugin = {
  name: 'effect',
  requirement: { key: 'denied', value: 'must' },
  apply: ({ rx, effect }) => effect(() => rx()),
}
