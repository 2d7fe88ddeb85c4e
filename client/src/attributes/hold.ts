// data-hold: on an element while the user is in the middle of something with it (it is dragged, or
// written in): what the server says of it waits until the attribute goes, ten seconds at most.
import type { AttributePlugin } from '../engine/plugins'
import { hold as begin } from '../morph/holds'

export const hold: AttributePlugin = {
  name: 'hold',
  literal: true,
  apply: () => begin(),
}
