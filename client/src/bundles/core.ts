// The engine without plugins: what every bundle exports.
export { actions } from '../engine/actions'
export { action, attribute, load, watcher } from '../engine/plugins'
export { apply } from '../engine/scan'
export { filtered } from '../signals/filter'
export {
  beginBatch,
  computed,
  effect,
  endBatch,
  signal,
  startPeeking,
  stopPeeking,
} from '../signals/reactive'
export { getPath, mergePatch, mergePaths, root } from '../signals/store'
export type { ActionPlugin, AttributePlugin, WatcherPlugin } from '../engine/plugins'
