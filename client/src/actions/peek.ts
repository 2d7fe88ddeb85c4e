// @peek(() => $count): reads without subscribing.
import type { ActionPlugin } from '../engine/plugins'
import { untracked } from '../signals/reactive'

export const peek: ActionPlugin = {
  name: 'peek',
  apply: (_, read: () => unknown) => untracked(read),
}
