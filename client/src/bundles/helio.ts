// The default bundle: the engine and every built-in plugin, started on the page that loads it.
import { fetchActions } from '../actions/fetch'
import { peek } from '../actions/peek'
import { setAll } from '../actions/set-all'
import { toggleAll } from '../actions/toggle-all'
import { attr } from '../attributes/attr'
import { bind } from '../attributes/bind'
import { classes } from '../attributes/class'
import { computed } from '../attributes/computed'
import { effectAttribute } from '../attributes/effect'
import { hold } from '../attributes/hold'
import { indicator } from '../attributes/indicator'
import { init } from '../attributes/init'
import { jsonSignals } from '../attributes/json-signals'
import { onInterval } from '../attributes/on-interval'
import { onIntersect } from '../attributes/on-intersect'
import { onSignalPatch } from '../attributes/on-signal-patch'
import { on } from '../attributes/on'
import { presence, presenceWhile } from '../attributes/presence'
import { ref } from '../attributes/ref'
import { show } from '../attributes/show'
import { signals } from '../attributes/signals'
import { style } from '../attributes/style'
import { text } from '../attributes/text'
import { action, attribute, watcher } from '../engine/plugins'
import { start } from '../engine/scan'
import { adoptMounts } from '../mounts/mounts'
import { mergePatch } from '../signals/store'
import { effects } from '../watchers/effects'
import { executeScript } from '../watchers/execute-script'
import { goto } from '../watchers/goto'
import { mounts } from '../watchers/mounts'
import { patchElements } from '../watchers/patch-elements'
import { patchSignals } from '../watchers/patch-signals'
import { steps } from '../watchers/steps'

export * from './core'
;[...fetchActions, peek, setAll, toggleAll].forEach(action)
;[attr, bind, classes, computed, effectAttribute, hold, indicator, init].forEach(attribute)
;[jsonSignals, on, onInterval, onIntersect, onSignalPatch, presence].forEach(attribute)
;[presenceWhile, ref, show, signals, style, text].forEach(attribute)
;[patchElements, patchSignals, steps, executeScript, ...effects, ...mounts, goto].forEach(watcher)

adoptMounts()
mergePatch({ _helio: { online: true } })
start()
