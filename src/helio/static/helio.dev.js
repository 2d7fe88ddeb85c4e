// src/engine/errors.ts
var messages = {
  KeyNotAllowed: 'takes no key (":name")',
  KeyRequired: 'needs a key (":name")',
  ValueNotAllowed: "takes no value",
  ValueRequired: "needs a value",
  KeyAndValueProvided: "takes a key or a value, not both",
  KeyOrValueRequired: "needs a key or a value",
  UndefinedAction: "no action has this name",
  GenerateExpression: "this is not a valid expression",
  ExecuteExpression: "the expression failed",
  FetchNoUrlProvided: "the action needs a URL",
  FetchFormNotFound: "contentType 'form' needs a form: put the element in one, or name it by selector",
  FetchInvalidContentType: "contentType must be 'json' or 'form'",
  FetchExpectedTextEventStream: "the answer has a type that cannot be applied (event stream, HTML, JSON and JavaScript can)",
  FetchFailed: "the request failed",
  PatchElementsInvalidMode: "mode must be outer, inner, replace, prepend, append, before, after or remove",
  PatchElementsExpectedSelector: "this mode needs a selector",
  PatchElementsInvalidNamespace: "namespace must be html, svg or mathml",
  PatchElementsNoTargetsFound: "nothing on the page to patch",
  MountTargetNotFound: 'nothing on the page has this name: write slot("name") where it goes, or name a part or an id',
  TooManyPlaces: "a tab is present at 32 places at most: the others are not told",
  TooManyMounts: "the first of them are kept current no longer: unmount what is seen no more",
  PatchSignalsExpectedSignals: "a signals patch must be a JSON object",
  ComputedExpectedFunction: 'every leaf of data-computed="{…}" must be a function',
  BindPropNameMissing: "__prop needs the name of a property",
  InvalidEffect: "the event carries no usable detail"
};
var HelioError = class extends Error {
  constructor(code, detail = "") {
    super(code + (true ? `: ${messages[code]}` : "") + (detail && ` (${detail})`));
    this.code = code;
    this.name = "HelioError";
  }
};
var problem = (code, detail = "") => new HelioError(code, String(detail));
function fail(code, detail) {
  throw problem(code, detail);
}
function pathTo(el) {
  const names = [];
  for (let at = el; at && names.length < 5; at = at.parentElement) {
    const first = at.classList[0];
    names.unshift(at.localName + (at.id ? `#${at.id}` : first ? `.${first}` : ""));
    if (at.id) break;
  }
  return names.join(" > ");
}
function caret({ source, at }) {
  if (!source) return "";
  const position = Math.min(at ?? 0, source.length);
  const start2 = source.lastIndexOf("\n", position - 1) + 1;
  const end2 = source.indexOf("\n", position);
  const from = Math.max(start2, position - 60);
  const line = source.slice(from, Math.min(end2 < 0 ? source.length : end2, from + 120));
  return `
  ${line}
  ${line.slice(0, position - from).replace(/\S/g, " ")}^`;
}
function blamed(source, message) {
  const name = /reading '([^']+)'|^([\w$]+) is not defined|\.([\w$]+) is not a function/.exec(
    message
  );
  const found = name ? source.indexOf(name[1] ?? name[2] ?? name[3]) : -1;
  return found < 0 ? void 0 : found;
}
function report(place3, cause) {
  const message = cause instanceof Error ? cause.message : String(cause);
  const where = [place3.attribute, place3.el && `on ${pathTo(place3.el)}`].filter(Boolean).join(" ");
  const at = place3.at ?? (place3.source ? blamed(place3.source, message) : void 0);
  console.error(
    `[helio] ${where && `${where}: `}${message}${caret({ ...place3, at })}`,
    ...cause instanceof HelioError ? [] : [cause]
  );
}

// src/engine/cleanup.ts
var owned = /* @__PURE__ */ new WeakMap();
function own(el, key, end2, within) {
  let all = owned.get(el);
  if (!all) owned.set(el, all = /* @__PURE__ */ new Map());
  all.set(key, { end: end2, within });
}
function disown(el, key) {
  owned.get(el)?.delete(key);
}
function release(el, key) {
  const all = owned.get(el);
  all?.forEach(({ end: end2, within }, name) => {
    if (name !== key && within !== key) return;
    all.delete(name);
    finish(el, end2);
  });
}
function releaseAll(el) {
  const all = owned.get(el);
  if (!all) return;
  owned.delete(el);
  for (const { end: end2 } of all.values()) finish(el, end2);
}
function finish(el, end2) {
  try {
    end2();
  } catch (cause) {
    report({ el }, cause);
  }
}

// node_modules/alien-signals/esm/system.mjs
function createReactiveSystem({ update, notify, unwatched }) {
  return {
    link: link2,
    unlink: unlink2,
    propagate: propagate2,
    checkDirty: checkDirty2,
    shallowPropagate: shallowPropagate2
  };
  function link2(dep, sub, version2) {
    const prevDep = sub.depsTail;
    if (prevDep !== void 0 && prevDep.dep === dep) {
      return;
    }
    const nextDep = prevDep !== void 0 ? prevDep.nextDep : sub.deps;
    if (nextDep !== void 0 && nextDep.dep === dep) {
      nextDep.version = version2;
      sub.depsTail = nextDep;
      return;
    }
    const prevSub = dep.subsTail;
    if (prevSub !== void 0 && prevSub.version === version2 && prevSub.sub === sub) {
      return;
    }
    const newLink = sub.depsTail = dep.subsTail = {
      version: version2,
      dep,
      sub,
      prevDep,
      nextDep,
      prevSub,
      nextSub: void 0
    };
    if (nextDep !== void 0) {
      nextDep.prevDep = newLink;
    }
    if (prevDep !== void 0) {
      prevDep.nextDep = newLink;
    } else {
      sub.deps = newLink;
    }
    if (prevSub !== void 0) {
      prevSub.nextSub = newLink;
    } else {
      dep.subs = newLink;
    }
  }
  function unlink2(link3, sub = link3.sub) {
    const { dep, prevDep, nextDep, nextSub, prevSub } = link3;
    if (nextDep !== void 0) {
      nextDep.prevDep = prevDep;
    } else {
      sub.depsTail = prevDep;
    }
    if (prevDep !== void 0) {
      prevDep.nextDep = nextDep;
    } else {
      sub.deps = nextDep;
    }
    if (nextSub !== void 0) {
      nextSub.prevSub = prevSub;
    } else {
      dep.subsTail = prevSub;
    }
    if (prevSub !== void 0) {
      prevSub.nextSub = nextSub;
    } else if ((dep.subs = nextSub) === void 0) {
      unwatched(dep);
    }
    return nextDep;
  }
  function propagate2(link3, innerWrite) {
    let next = link3.nextSub;
    let stack;
    top: do {
      const sub = link3.sub;
      let flags = sub.flags;
      if (!(flags & (4 | 8 | 16 | 32))) {
        sub.flags = flags | 32;
        if (innerWrite) {
          sub.flags |= 8;
        }
      } else if (!(flags & (4 | 8))) {
        flags = 0;
      } else if (!(flags & 4)) {
        sub.flags = flags & ~8 | 32;
      } else if (!(flags & (16 | 32)) && isValidLink(link3, sub)) {
        sub.flags = flags | (8 | 32);
        flags &= 1;
      } else {
        flags = 0;
      }
      if (flags & 2) {
        notify(sub);
      }
      if (flags & 1) {
        const subSubs = sub.subs;
        if (subSubs !== void 0) {
          const nextSub = (link3 = subSubs).nextSub;
          if (nextSub !== void 0) {
            stack = { value: next, prev: stack };
            next = nextSub;
          }
          continue;
        }
      }
      if ((link3 = next) !== void 0) {
        next = link3.nextSub;
        continue;
      }
      while (stack !== void 0) {
        link3 = stack.value;
        stack = stack.prev;
        if (link3 !== void 0) {
          next = link3.nextSub;
          continue top;
        }
      }
      break;
    } while (true);
  }
  function checkDirty2(link3, sub) {
    let stack;
    let checkDepth = 0;
    let dirty = false;
    top: do {
      const dep = link3.dep;
      const flags = dep.flags;
      if (sub.flags & 16) {
        dirty = true;
      } else if ((flags & (1 | 16)) === (1 | 16)) {
        const subs = dep.subs;
        if (update(dep)) {
          if (subs.nextSub !== void 0) {
            shallowPropagate2(subs);
          }
          dirty = true;
        }
      } else if ((flags & (1 | 32)) === (1 | 32)) {
        stack = { value: link3, prev: stack };
        link3 = dep.deps;
        sub = dep;
        ++checkDepth;
        continue;
      }
      if (!dirty) {
        const nextDep = link3.nextDep;
        if (nextDep !== void 0) {
          link3 = nextDep;
          continue;
        }
      }
      while (checkDepth--) {
        link3 = stack.value;
        stack = stack.prev;
        if (dirty) {
          const subs = sub.subs;
          if (update(sub)) {
            if (subs.nextSub !== void 0) {
              shallowPropagate2(subs);
            }
            sub = link3.sub;
            continue;
          }
          dirty = false;
        } else {
          sub.flags &= ~32;
        }
        sub = link3.sub;
        const nextDep = link3.nextDep;
        if (nextDep !== void 0) {
          link3 = nextDep;
          continue top;
        }
      }
      return dirty && !!sub.flags;
    } while (true);
  }
  function shallowPropagate2(link3) {
    do {
      const sub = link3.sub;
      const flags = sub.flags;
      if ((flags & (32 | 16)) === 32) {
        sub.flags = flags | 16;
        if ((flags & (2 | 4)) === 2) {
          notify(sub);
        }
      }
    } while ((link3 = link3.nextSub) !== void 0);
  }
  function isValidLink(checkLink, sub) {
    let link3 = sub.depsTail;
    while (link3 !== void 0) {
      if (link3 === checkLink) {
        return true;
      }
      link3 = link3.prevDep;
    }
    return false;
  }
}

// node_modules/alien-signals/esm/index.mjs
var HasChildEffect = 64;
var cycle = 0;
var runDepth = 0;
var batchDepth = 0;
var notifyIndex = 0;
var queuedLength = 0;
var activeSub;
var queued = [];
var { link, unlink, propagate, checkDirty, shallowPropagate } = createReactiveSystem({
  update(node2) {
    if ("getter" in node2) {
      return updateComputed(node2);
    }
    if ("currentValue" in node2) {
      return updateSignal(node2);
    }
    node2.flags = 1;
    return true;
  },
  notify(effect4) {
    let insertIndex = queuedLength;
    let firstInsertedIndex = insertIndex;
    do {
      queued[insertIndex++] = effect4;
      effect4.flags &= ~2;
      effect4 = effect4.subs?.sub;
      if (effect4 === void 0 || !(effect4.flags & 2)) {
        break;
      }
    } while (true);
    queuedLength = insertIndex;
    while (firstInsertedIndex < --insertIndex) {
      const left2 = queued[firstInsertedIndex];
      queued[firstInsertedIndex++] = queued[insertIndex];
      queued[insertIndex] = left2;
    }
  },
  unwatched(node2) {
    if ("getter" in node2) {
      if (node2.depsTail !== void 0) {
        node2.flags = 1 | 16;
        disposeAllDepsInReverse(node2);
      }
    } else if ("currentValue" in node2) {
    } else if ("fn" in node2) {
      effectOper.call(node2);
    } else {
      effectScopeOper.call(node2);
    }
  }
});
function getActiveSub() {
  return activeSub;
}
function setActiveSub(sub) {
  const prevSub = activeSub;
  activeSub = sub;
  return prevSub;
}
function getBatchDepth() {
  return batchDepth;
}
function startBatch() {
  ++batchDepth;
}
function endBatch() {
  if (!--batchDepth) {
    flush();
  }
}
function signal(initialValue) {
  return signalOper.bind({
    currentValue: initialValue,
    pendingValue: initialValue,
    subs: void 0,
    subsTail: void 0,
    flags: 1
  });
}
function computed(getter) {
  return computedOper.bind({
    value: void 0,
    subs: void 0,
    subsTail: void 0,
    deps: void 0,
    depsTail: void 0,
    flags: 0,
    getter
  });
}
function effect(fn) {
  const e = {
    fn,
    cleanup: void 0,
    subs: void 0,
    subsTail: void 0,
    deps: void 0,
    depsTail: void 0,
    flags: 2 | 4
  };
  const prevSub = setActiveSub(e);
  if (prevSub !== void 0) {
    link(e, prevSub, 0);
    prevSub.flags |= HasChildEffect;
  }
  try {
    ++runDepth;
    e.cleanup = e.fn();
  } finally {
    --runDepth;
    activeSub = prevSub;
    e.flags &= ~4;
  }
  return effectOper.bind(e);
}
function updateComputed(c) {
  if (c.flags & HasChildEffect) {
    let link2 = c.depsTail;
    while (link2 !== void 0) {
      const prev = link2.prevDep;
      const dep = link2.dep;
      if (!("getter" in dep) && !("currentValue" in dep)) {
        unlink(link2, c);
      }
      link2 = prev;
    }
  }
  c.depsTail = void 0;
  c.flags = 1 | 4;
  const prevSub = setActiveSub(c);
  try {
    ++cycle;
    const oldValue = c.value;
    return oldValue !== (c.value = c.getter(oldValue));
  } finally {
    activeSub = prevSub;
    c.flags &= ~4;
    purgeDeps(c);
  }
}
function updateSignal(s) {
  s.flags = 1;
  return s.currentValue !== (s.currentValue = s.pendingValue);
}
function run(e) {
  const flags = e.flags;
  if (flags & 16 || flags & 32 && checkDirty(e.deps, e)) {
    if (flags & HasChildEffect) {
      let link2 = e.depsTail;
      while (link2 !== void 0) {
        const prev = link2.prevDep;
        const dep = link2.dep;
        if (!("getter" in dep) && !("currentValue" in dep)) {
          unlink(link2, e);
        }
        link2 = prev;
      }
    }
    if (e.cleanup) {
      runCleanup(e);
      if (!e.flags) {
        return;
      }
    }
    e.depsTail = void 0;
    e.flags = 2 | 4;
    const prevSub = setActiveSub(e);
    try {
      ++cycle;
      ++runDepth;
      e.cleanup = e.fn();
    } finally {
      --runDepth;
      activeSub = prevSub;
      e.flags &= ~4;
      purgeDeps(e);
    }
  } else if (e.deps !== void 0) {
    e.flags = 2 | flags & HasChildEffect;
  }
}
function flush() {
  try {
    while (notifyIndex < queuedLength) {
      const effect4 = queued[notifyIndex];
      queued[notifyIndex++] = void 0;
      run(effect4);
    }
  } finally {
    while (notifyIndex < queuedLength) {
      const effect4 = queued[notifyIndex];
      queued[notifyIndex++] = void 0;
      effect4.flags |= 2 | 8;
    }
    notifyIndex = 0;
    queuedLength = 0;
  }
}
function computedOper() {
  const flags = this.flags;
  if (flags & 16 || flags & 32 && (checkDirty(this.deps, this) || (this.flags = flags & ~32, false))) {
    if (updateComputed(this)) {
      const subs = this.subs;
      if (subs !== void 0) {
        shallowPropagate(subs);
      }
    }
  } else if (!flags) {
    this.flags = 1 | 4;
    const prevSub = setActiveSub(this);
    try {
      this.value = this.getter();
    } finally {
      activeSub = prevSub;
      this.flags &= ~4;
    }
  }
  const sub = activeSub;
  if (sub !== void 0) {
    link(this, sub, cycle);
  }
  return this.value;
}
function signalOper(...value) {
  if (value.length) {
    if (this.pendingValue !== (this.pendingValue = value[0])) {
      this.flags = 1 | 16;
      const subs = this.subs;
      if (subs !== void 0) {
        propagate(subs, !!runDepth);
        if (!batchDepth) {
          flush();
        }
      }
    }
  } else {
    if (this.flags & 16) {
      if (updateSignal(this)) {
        const subs = this.subs;
        if (subs !== void 0) {
          shallowPropagate(subs);
        }
      }
    }
    const sub = activeSub;
    if (sub !== void 0) {
      link(this, sub, cycle);
    }
    return this.currentValue;
  }
}
function runCleanup(e) {
  const cleanup = e.cleanup;
  e.cleanup = void 0;
  const prevSub = activeSub;
  activeSub = void 0;
  try {
    cleanup();
  } finally {
    activeSub = prevSub;
  }
}
function effectOper() {
  effectScopeOper.call(this);
  if (this.cleanup) {
    runCleanup(this);
  }
}
function effectScopeOper() {
  this.flags = 0;
  disposeAllDepsInReverse(this);
  const sub = this.subs;
  if (sub !== void 0) {
    unlink(sub);
  }
}
function disposeAllDepsInReverse(sub) {
  let link2 = sub.depsTail;
  while (link2 !== void 0) {
    const prev = link2.prevDep;
    unlink(link2, sub);
    link2 = prev;
  }
}
function purgeDeps(sub) {
  const depsTail = sub.depsTail;
  let dep = depsTail !== void 0 ? depsTail.nextDep : sub.deps;
  while (dep !== void 0) {
    dep = unlink(dep, sub);
  }
}

// src/signals/reactive.ts
var batchEnded = () => {
};
function onBatchEnd(run4) {
  batchEnded = run4;
}
function endBatch2() {
  endBatch();
  if (!getBatchDepth()) batchEnded();
}
function batch(run4) {
  startBatch();
  try {
    return run4();
  } finally {
    endBatch2();
  }
}
var tracking = () => getActiveSub() !== void 0;
function untracked(run4) {
  const subscriber = setActiveSub(void 0);
  try {
    return run4();
  } finally {
    setActiveSub(subscriber);
  }
}
var peeking = [];
function startPeeking() {
  peeking.push(setActiveSub(void 0));
}
function stopPeeking() {
  setActiveSub(peeking.pop());
}
function effect2(run4) {
  return effect(() => {
    try {
      const cleanup = run4();
      if (typeof cleanup === "function") return cleanup;
    } catch (cause) {
      report({}, cause);
    }
    return void 0;
  });
}
function computed2(read2) {
  return computed(read2);
}

// src/signals/store.ts
var FORBIDDEN = /* @__PURE__ */ new Set(["__proto__", "constructor", "prototype"]);
var MUTATORS = /* @__PURE__ */ new Set([
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "copyWithin"
]);
var nodes = /* @__PURE__ */ new WeakMap();
var raws = /* @__PURE__ */ new WeakMap();
var own2 = (object, key) => Object.hasOwn(object, key);
function isPlain(value) {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
var isData = (value) => Array.isArray(value) || isPlain(value);
function raw(value) {
  return typeof value === "object" && value !== null && raws.get(value) || value;
}
var Derived = class {
  constructor(read_) {
    this.read_ = read_;
  }
  toJSON() {
    return this.read_();
  }
};
var Node2 = class _Node {
  constructor(data_) {
    this.data_ = data_;
    this.name_ = "";
    this.proxy_ = new Proxy(data_, this);
    raws.set(this.proxy_, data_);
    nodes.set(data_, this);
  }
  track_(key) {
    if (!tracking()) return;
    this.cells_ ??= /* @__PURE__ */ new Map();
    let cell = this.cells_.get(key);
    if (!cell) this.cells_.set(key, cell = signal(this.data_[key]));
    cell();
  }
  wrap_(value, key) {
    if (!isData(value)) return value;
    const node2 = nodes.get(value) ?? new _Node(value);
    node2.parent_ = this;
    node2.name_ = key;
    return node2.proxy_;
  }
  get(target, key) {
    if (typeof key === "symbol") return Reflect.get(target, key);
    const list = Array.isArray(target);
    if (list && MUTATORS.has(key)) return (...args) => this.mutate_(key, args);
    if (!own2(target, key)) {
      if (key in target) return Reflect.get(target, key);
      this.track_(key);
      return list || key === "toJSON" ? void 0 : "";
    }
    this.track_(key);
    const value = target[key];
    return this.wrap_(value instanceof Derived ? value.read_() : value, key);
  }
  set(target, key, value) {
    if (typeof key === "symbol") return Reflect.set(target, key, value);
    if (FORBIDDEN.has(key)) return true;
    if (own2(target, key) && target[key] instanceof Derived) {
      throw new TypeError(`$${[...pathOf(this), key].join(".")} is computed and cannot be set`);
    }
    assign(target, key, raw(value) === value ? unwrap(value) : copy(raw(value)), () => pathOf(this));
    return true;
  }
  deleteProperty(target, key) {
    if (typeof key === "string") remove(target, key, () => pathOf(this));
    return true;
  }
  has(target, key) {
    if (typeof key === "string") this.track_(key);
    return key in target;
  }
  ownKeys(target) {
    if (tracking()) (this.keys_ ??= signal(0))();
    return Reflect.ownKeys(target);
  }
  mutate_(method, args) {
    const list = this.data_;
    return untracked(
      () => batch(() => {
        const items = method === "sort" ? args : args.map(unwrap);
        const result = list[method](
          ...items
        );
        this.refresh_();
        record(pathOf(this), void 0, list);
        return raw(result) === list ? this.proxy_ : result;
      })
    );
  }
  /** After a change behind the proxy's back: every cell takes the value its place holds now. */
  refresh_() {
    this.cells_?.forEach((cell, key) => cell(this.data_[key]));
    this.keys_?.({});
  }
};
function pathOf(node2) {
  const path = [];
  for (let at = node2; at.parent_; at = at.parent_) {
    path.unshift(at.name_);
    if (Array.isArray(at.parent_.data_)) path.length = 0;
  }
  return path;
}
var version = signal(0);
var changes = 0;
var pending;
var anyChange = () => version();
function record(path, key, value) {
  let at = pending ??= {};
  const names = key === void 0 ? path : [...path, key];
  let here = data;
  for (const name of names.slice(0, -1)) {
    here = here?.[name];
    if (Array.isArray(here) || !isPlain(here)) {
      at[name] = here;
      return;
    }
    if (!isPlain(at[name])) at[name] = {};
    at = at[name];
  }
  const last = names.at(-1);
  if (last !== void 0) at[last] = value;
}
function tell() {
  if (!pending) return;
  const detail = pending;
  pending = void 0;
  version(++changes);
  document.dispatchEvent(new CustomEvent("datastar-signal-patch", { detail }));
}
onBatchEnd(tell);
function assign(target, key, value, path) {
  const fresh2 = !own2(target, key);
  const place3 = target;
  if (!fresh2 && Object.is(place3[key], value)) return;
  const length = Array.isArray(target) ? target.length : -1;
  place3[key] = value;
  changed(
    target,
    key,
    value,
    fresh2 || length >= 0 && length !== target.length,
    path
  );
}
function remove(target, key, path) {
  if (!own2(target, key)) return;
  delete target[key];
  changed(target, key, null, true, path);
}
function changed(target, key, value, shape, path) {
  batch(() => {
    const node2 = nodes.get(target);
    if (shape && Array.isArray(target)) node2?.refresh_();
    else node2?.cells_?.get(key)?.(target[key]);
    if (shape) node2?.keys_?.({});
    if (Array.isArray(target)) record(path(), void 0, target);
    else record(path(), key, value);
  });
}
function unwrap(value) {
  const bare = raw(value);
  if (bare !== value || !isData(bare)) return bare;
  const place3 = bare;
  for (const key of Object.keys(place3)) {
    const inner = unwrap(place3[key]);
    if (inner !== place3[key] && !Object.isFrozen(place3)) place3[key] = inner;
  }
  return bare;
}
function copy(value, nulls = true) {
  const bare = raw(value);
  if (Array.isArray(bare)) return bare.map((item) => copy(item));
  if (!isPlain(bare)) return bare instanceof Derived ? bare.read_() : bare;
  const result = {};
  for (const key in bare) {
    const inner = bare[key];
    if (FORBIDDEN.has(key) || !nulls && inner === null) continue;
    result[key] = typeof inner === "object" && inner !== null ? copy(inner, nulls) : inner;
  }
  return result;
}
var data = {};
var root = new Node2(data).proxy_;
function mergePatch(patch2, options = {}) {
  batch(() => mergeInto(data, patch2, options, []));
}
function mergeInto(target, patch2, options, path) {
  const here = () => path;
  for (const key of Object.keys(patch2)) {
    const value = raw(patch2[key]);
    if (FORBIDDEN.has(key)) continue;
    if (options.except && options.except([...path, key].join("."))) continue;
    const present = own2(target, key);
    const current = target[key];
    if (current instanceof Derived) continue;
    if (value === null && !options.nulls) {
      if (!options.ifMissing) remove(target, key, here);
    } else if (isPlain(value) && isPlain(current)) {
      mergeInto(current, value, options, [...path, key]);
    } else if (!present || !options.ifMissing) {
      assign(target, key, copy(value, options.nulls ?? false), here);
    }
  }
}
function mergePaths(paths, options = {}) {
  const patch2 = {};
  for (const [path, value] of paths) place(patch2, path, value);
  mergePatch(patch2, { nulls: true, ...options });
}
function place(target, path, value) {
  const names = path.split(".");
  const last = names.pop();
  if (FORBIDDEN.has(last) || names.some((name) => FORBIDDEN.has(name))) return;
  let at = target;
  for (const name of names) at = isPlain(at[name]) ? at[name] : at[name] = {};
  at[last] = value;
}
function walk(start2, path) {
  let at = start2;
  for (const name of path.split(".")) {
    if (typeof at !== "object" || at === null) return void 0;
    at = at[name];
  }
  return at;
}
var getPath = (path) => walk(root, path);
var hasPath = (path) => {
  const value = walk(data, path);
  return value !== void 0;
};
function setPath(path, value) {
  const names = path.split(".");
  const last = names.pop();
  if (FORBIDDEN.has(last) || names.some((name) => FORBIDDEN.has(name))) return;
  untracked(
    () => batch(() => {
      let at = root;
      for (const name of names) {
        const inner = own2(raw(at), name) ? at[name] : void 0;
        if (typeof inner !== "object" || inner === null) at[name] = {};
        at = at[name];
      }
      at[last] = value;
    })
  );
}
function definePath(path, read2) {
  const names = path.split(".");
  const last = names.pop();
  if (names.length) mergePaths([[names.join("."), {}]]);
  const parent = names.length ? walk(data, names.join(".")) : data;
  if (!FORBIDDEN.has(last))
    assign(parent, last, new Derived(computed2(() => raw(read2()))), () => names);
}
function replaceValue(old, value, target = data, path = []) {
  for (const key of Object.keys(target)) {
    const inner = target[key];
    if (inner === old) assign(target, key, value, () => path);
    else if (isPlain(inner)) replaceValue(old, value, inner, [...path, key]);
  }
}
var allData = () => data;

// src/engine/grammar.ts
var HYPHENATED = [
  "signals",
  "bind",
  "computed",
  "on",
  "class",
  "attr",
  "style",
  "ref",
  "indicator"
];
var LOADS = /^(img|iframe|script|link|object|embed|style|input|body|frame|video|audio|track|svg|image)$/;
function parseName(attribute2, el, known2) {
  const [head = "", ...rest] = attribute2.slice(5).split("__");
  const mods = /* @__PURE__ */ new Map();
  let rawKey;
  for (const part of rest) {
    const [mod = "", key2] = splitOnce(part, ":");
    rawKey ??= key2;
    const [name2 = "", ...args] = mod.split(".");
    mods.set(name2, new Set(args));
  }
  const [plugin = "", key] = splitOnce(head, ":");
  rawKey = key ?? rawKey;
  const name = known2(plugin) ? { plugin, rawKey, mods } : hyphenated(plugin, rawKey, mods);
  if (!name) return void 0;
  if (name.plugin === "on" && name.rawKey === "interval")
    return { ...name, plugin: "on-interval", rawKey: void 0 };
  if (name.plugin === "on" && name.rawKey === "load" && !LOADS.test(el.localName)) {
    return { ...name, plugin: "init", rawKey: void 0 };
  }
  return known2(name.plugin) ? name : void 0;
}
function hyphenated(head, rawKey, mods) {
  if (rawKey !== void 0 || head === "on-signal-patch-filter") return void 0;
  const plugin = HYPHENATED.find((name) => head.startsWith(`${name}-`));
  return plugin ? { plugin, rawKey: head.slice(plugin.length + 1), mods } : void 0;
}
function splitOnce(text4, separator) {
  const at = text4.indexOf(separator);
  return at < 0 ? [text4, void 0] : [text4.slice(0, at), text4.slice(at + 1)];
}
var kebab = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").replace(/_/g, "-").toLowerCase();
var camel = (name) => name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
var CASES = {
  camel,
  kebab,
  snake: (name) => kebab(name).replace(/-/g, "_"),
  pascal: (name) => camel(name).replace(/^[a-z]/, (letter) => letter.toUpperCase())
};
function cased(key, mods, otherwise) {
  const [wanted] = mods.get("case") ?? [];
  return (CASES[wanted ?? otherwise] ?? CASES[otherwise])(key);
}
function duration(args, otherwise) {
  for (const arg of args ?? []) {
    const [, amount, unit] = /^(\d+)(ms|s)?$/.exec(arg) ?? [];
    if (amount) return Number(amount) * (unit === "s" ? 1e3 : 1);
  }
  return otherwise;
}

// src/engine/plugins.ts
var attributes = /* @__PURE__ */ new Map();
var actionPlugins = /* @__PURE__ */ new Map();
var watchers = /* @__PURE__ */ new Map();
var registered = () => {
};
function onAttribute(run4) {
  registered = run4;
}
function attribute(plugin) {
  const entry = { ...plugin, name: kebab(plugin.name) };
  attributes.set(entry.name, entry);
  registered(entry);
  return plugin;
}
function action(plugin) {
  actionPlugins.set(plugin.name, plugin);
  return plugin;
}
function watcher(plugin) {
  watchers.set(plugin.name, plugin);
  return plugin;
}
function load(...plugins) {
  for (const plugin of plugins) {
    if ("requirement" in plugin || "returnsValue" in plugin || "argNames" in plugin)
      attribute(plugin);
    else if (/^(datastar|helio)-/.test(plugin.name)) watcher(plugin);
    else action(plugin);
  }
}

// src/engine/tokenizer.ts
var SPACE = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)+/y;
var NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy;
var NUMBER = /\.?\d[\w.]*/y;
var QUOTED = /(["'])(?:(?!\1)[^\\\n\r]|\\[^])*\1/y;
var REGEX = /\/(?![*/])(?:[^\\/[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*\])+\/[a-z]*/iy;
var PUNCTUATION = /\+\+|--|[^]/y;
var OPERATORS = /^(return|typeof|instanceof|in|of|new|delete|void|throw|case|do|else|yield|await)$/;
var OPENS = "([{";
var CLOSES = ")]}";
function tokenize(source) {
  const list = [];
  const open2 = [];
  let broken;
  let at = 0;
  let value = false;
  const match = (pattern) => {
    pattern.lastIndex = at;
    return pattern.test(source) ? pattern.lastIndex : -1;
  };
  const push = (kind, end2) => {
    list.push({ kind, start: at, end: end2, depth: open2.length });
    at = end2;
  };
  const template = () => {
    let end2 = at + 1;
    for (; end2 < source.length; end2++) {
      const sign = source[end2];
      if (sign === "\\") end2++;
      else if (sign === "`") {
        push("text", end2 + 1);
        value = true;
        return;
      } else if (sign === "$" && source[end2 + 1] === "{") {
        push("text", end2 + 2);
        open2.push("`");
        value = false;
        return;
      }
    }
    broken ??= at;
    push("text", source.length);
  };
  while (at < source.length) {
    const sign = source[at];
    let end2;
    if ((end2 = match(SPACE)) > 0) push("space", end2);
    else if (sign === '"' || sign === "'") {
      if ((end2 = match(QUOTED)) < 0) {
        broken ??= at;
        end2 = source.length;
      }
      push("text", end2);
      value = true;
    } else if (sign === "`") template();
    else if (sign === "}" && open2.at(-1) === "`") {
      open2.pop();
      template();
    } else if ((end2 = match(NAME)) > 0) {
      value = !OPERATORS.test(source.slice(at, end2)) || source[at - 1] === ".";
      push("name", end2);
    } else if ((end2 = match(NUMBER)) > 0) {
      push("number", end2);
      value = true;
    } else if (sign === "/" && !value && (end2 = match(REGEX)) > 0) {
      push("regex", end2);
      value = true;
    } else if (OPENS.includes(sign)) {
      push("punctuation", at + 1);
      open2.push(sign);
      value = false;
    } else if (CLOSES.includes(sign)) {
      if (open2.pop() !== OPENS[CLOSES.indexOf(sign)]) broken ??= at;
      push("punctuation", at + 1);
      value = sign !== "}";
    } else {
      end2 = match(PUNCTUATION);
      const text4 = source.slice(at, end2);
      value = value && (text4 === "++" || text4 === "--");
      push("punctuation", end2);
    }
  }
  if (open2.length) broken ??= source.length;
  return { list, broken };
}

// src/engine/compile.ts
var SyntaxProblem = class extends HelioError {
  constructor(message, at) {
    super("GenerateExpression", message);
    this.at = at;
  }
};
var STATEMENT = /^(if|for|while|do|switch|try|throw|return|const|let|var|break|continue|\{)$/;
var SIGNAL = /\$[\p{ID_Continue}$]+(?:-(?=[a-z_])[\p{ID_Continue}$]+)*(?:\.[\p{ID_Continue}$]+(?:-(?=[a-z_])[\p{ID_Continue}$]+)*)*/iuy;
function rewrite({ text: text4, returns }, tokens2) {
  const cut = returns ? lastStatement(text4, tokens2) : -1;
  let code = "";
  let at = 0;
  tokens2.forEach((token, index) => {
    if (token.start < at) return;
    const word = text4.slice(token.start, token.end);
    if (token.start === cut) code += "return (";
    if (cut >= 0 && token.start > cut && token.depth === 0 && word === ";") {
      at = token.end;
      return;
    }
    at = token.end;
    if (token.kind === "name" && word[0] === "$" && word.length > 1 && word[1] !== "$" && text4[token.start - 1] !== ".") {
      SIGNAL.lastIndex = token.start;
      SIGNAL.test(text4);
      at = SIGNAL.lastIndex;
      code += `$${text4.slice(token.start + 1, at).split(".").map((name) => `['${name}']`).join("")}`;
    } else if (word === "@" && tokens2[index + 1]?.kind === "name") {
      const name = tokens2[index + 1];
      const paren = tokens2.slice(index + 2).find((next) => next.kind !== "space");
      if (paren && text4[paren.start] === "(") {
        const first = tokens2.slice(tokens2.indexOf(paren) + 1).find((next) => next.kind !== "space");
        const evt = first && text4[first.start] === ")" ? "evt" : "evt,";
        code += `__action("${text4.slice(name.start, name.end)}",${evt}`;
        at = paren.end;
      } else code += word;
    } else code += word;
  });
  return cut < 0 ? code : `${code}
)`;
}
function lastStatement(text4, tokens2) {
  let first;
  let ended = true;
  for (const token of tokens2) {
    if (token.kind === "space") continue;
    if (token.depth === 0 && text4[token.start] === ";") ended = true;
    else if (ended) {
      first = token;
      ended = false;
    }
  }
  if (!first) return -1;
  const word = text4.slice(first.start, first.end);
  return STATEMENT.test(word) && !(word === "{" && text4.trimStart()[0] === "{") ? -1 : first.start;
}
var cache = /* @__PURE__ */ new Map();
var CACHE_LIMIT = 5e3;
var keyOf = ({ text: text4, returns, args }) => `${returns ? 1 : 0}${args.join()}|${text4}`;
var parameters = (args) => ["el", "$", "__action", "evt", ...args.filter((arg) => arg !== "evt")].join();
function compileAll(sources) {
  const fresh2 = /* @__PURE__ */ new Map();
  for (const source of sources) {
    const key = keyOf(source);
    if (cache.has(key) || fresh2.has(key)) continue;
    const { list, broken } = tokenize(source.text);
    if (broken === void 0)
      fresh2.set(key, `function(${parameters(source.args)}){{${rewrite(source, list)}
}}`);
  }
  if (!fresh2.size) return;
  try {
    const functions = Function(`return [${[...fresh2.values()].join()}]`)();
    if (functions.length === fresh2.size)
      [...fresh2.keys()].forEach((key, at) => remember(key, functions[at]));
  } catch {
  }
}
function remember(key, compiled2) {
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(key, compiled2);
  return compiled2;
}
function compiled(source) {
  const key = keyOf(source);
  const known2 = cache.get(key);
  if (known2) return known2;
  const { list, broken } = tokenize(source.text);
  const names = parameters(source.args).split(",");
  try {
    return remember(key, Function(...names, `{${rewrite(source, list)}
}`));
  } catch (cause) {
    const message = cause.message;
    throw new SyntaxProblem(message, broken ?? locate(source, list, names, message));
  }
}
function locate(source, tokens2, names, message) {
  const quoted = /'(.+)'/.exec(message)?.[1];
  for (const token of tokens2.slice(0, 400)) {
    if (quoted && !source.text.startsWith(quoted, token.start)) continue;
    try {
      const text4 = source.text.slice(0, token.start + (quoted?.length ?? token.end - token.start));
      Function(...names, `{${rewrite({ ...source, text: text4 }, tokenize(text4).list)}
}`);
    } catch (cause) {
      if (cause.message === message) return token.start;
    }
  }
  return 0;
}

// src/engine/dom.ts
var attributesGetter = Object.getOwnPropertyDescriptor(Element.prototype, "attributes").get;
var attributesOf = (el) => attributesGetter.call(el);
var idOf = (el) => el.getAttribute("id") ?? "";
function webUrl(url2) {
  const target = new URL(url2, document.baseURI);
  return /^https?:$/.test(target.protocol) ? target : fail("InvalidEffect", target.protocol);
}

// src/engine/actions.ts
function runAction(name, el, evt, args, attribute2) {
  const plugin = actionPlugins.get(name);
  if (!plugin) return fail("UndefinedAction", `@${name}`);
  const cleanups = {
    set: (key, cleanup) => own(el, key, cleanup)
  };
  return plugin.apply({ el, evt, attribute: attribute2, cleanups, error: problem }, ...args);
}
var actions = new Proxy((plugins) => plugins.map(action), {
  get: (target, name) => typeof name === "string" && actionPlugins.has(name) ? (...args) => runAction(name, document.documentElement, void 0, args) : Reflect.get(target, name)
});

// src/morph/served.ts
var served = /* @__PURE__ */ new WeakMap();
function noteServed(el, name, value) {
  let values2 = served.get(el);
  if (!values2) served.set(el, values2 = /* @__PURE__ */ new Map());
  if (!values2.has(name)) values2.set(name, value);
}
function forgetServed(top) {
  served.delete(top);
  for (const el of top.querySelectorAll("*")) served.delete(el);
}
var lastServed = (el, name) => {
  const values2 = served.get(el);
  return values2?.has(name) ? values2.get(name) : el.getAttribute(name);
};
var servedOf = (el) => served.get(el);
var foreign = /* @__PURE__ */ new WeakSet();
function noteForeign(node2) {
  foreign.add(node2);
}
var isForeign = (node2) => foreign.has(node2);
var written = /* @__PURE__ */ new WeakMap();
function ownContent(el, attribute2) {
  written.set(el, attribute2);
}
function contentIsOwned(old, next) {
  const attribute2 = written.get(old);
  return attribute2 !== void 0 && old.hasAttribute(attribute2) && next.hasAttribute(attribute2);
}

// src/engine/scan.ts
var roots = /* @__PURE__ */ new Set();
var bound = /* @__PURE__ */ new WeakMap();
var known = (plugin) => attributes.has(plugin);
function collect(el, into, only) {
  if (el.hasAttribute("data-cloak")) el.removeAttribute("data-cloak");
  for (const { name, value } of attributesOf(el)) {
    if (name.startsWith("data-")) collectOne(el, name, value, into, only);
  }
}
function collectOne(el, attribute2, value, into, only) {
  const name = parseName(attribute2, el, known);
  const plugin = name && attributes.get(name.plugin);
  if (!plugin || only && plugin !== only) return;
  if (bound.get(el)?.get(attribute2) === value) return;
  const source = {
    text: value,
    returns: plugin.returnsValue ?? false,
    args: plugin.argNames ?? []
  };
  into.push({ el, attribute: attribute2, value, name, plugin, source });
}
function* elements(top) {
  if (top instanceof Element && top.closest("[data-ignore]")) return;
  const walker = document.createTreeWalker(
    top,
    NodeFilter.SHOW_ELEMENT,
    (node2) => node2.hasAttribute("data-ignore") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT
  );
  if (top instanceof Element && !top.hasAttribute("data-ignore__self")) yield top;
  for (let node2 = walker.nextNode(); node2; node2 = walker.nextNode()) {
    if (!node2.hasAttribute("data-ignore__self")) yield node2;
  }
}
function bindAll(bindings) {
  if (!bindings.length) return;
  compileAll(
    bindings.filter(({ plugin, value }) => !plugin.literal && value).map(({ source }) => source)
  );
  untracked(() => batch(() => bindings.forEach(bind)));
}
function check(need, present, which) {
  if (need === "must" && !present) fail(`${which}Required`);
  if (need === "denied" && present) fail(`${which}NotAllowed`);
}
function checkRequirement({ requirement }, key, value) {
  if (requirement === "exclusive") {
    if (key && value) fail("KeyAndValueProvided");
    if (!key && !value) fail("KeyOrValueRequired");
  } else if (typeof requirement === "string") {
    check(requirement, key, "Key");
    check(requirement, value, "Value");
  } else {
    check(requirement?.key, key, "Key");
    check(requirement?.value, value, "Value");
  }
}
var casing = ({ name }) => name === "on" || name === "class" ? "kebab" : "camel";
var loadedPluginNames = {
  get actions() {
    return new Set(actionPlugins.keys());
  },
  get attributes() {
    return new Set(attributes.keys());
  }
};
function bind(binding) {
  const { el, attribute: attribute2, value, name, plugin } = binding;
  const { rawKey, mods } = name;
  release(el, attribute2);
  let values2 = bound.get(el);
  if (!values2) bound.set(el, values2 = /* @__PURE__ */ new Map());
  values2.set(attribute2, value);
  try {
    checkRequirement(plugin, rawKey !== void 0, value !== "");
    let cleanup;
    own(el, attribute2, () => {
      values2.delete(attribute2);
      cleanup?.();
    });
    cleanup = plugin.apply({
      el,
      attribute: attribute2,
      key: rawKey === void 0 ? void 0 : cased(rawKey, mods, casing(plugin)),
      rawKey,
      value,
      mods,
      rx: expression(binding),
      error: problem,
      effect: effect2,
      loadedPluginNames
    });
  } catch (cause) {
    report({ el, attribute: attribute2 }, cause);
  }
}
function expression({ el, attribute: attribute2, value, source }) {
  let run4;
  let broken = false;
  let last;
  return (...args) => {
    if (broken) return void 0;
    let evt;
    const act = (name, event, ...rest) => runAction(name, el, event ?? evt, rest, attribute2);
    try {
      run4 ??= compiled(source);
      if (args[0] instanceof Event) evt = args[0];
      const others = source.args[0] === "evt" ? args : [void 0, ...args];
      const result = run4(el, root, act, ...others);
      last = void 0;
      return result;
    } catch (cause) {
      broken = cause instanceof SyntaxProblem;
      const message = String(cause);
      if (message !== last) {
        report(
          { el, attribute: attribute2, source: value, at: broken ? cause.at : void 0 },
          cause
        );
      }
      last = message;
      return void 0;
    }
  };
}
function scan(top, only) {
  const bindings = [];
  for (const el of elements(top)) collect(el, bindings, only);
  bindAll(bindings);
}
var observer = new MutationObserver((records) => follow(records, true));
function follow(records, byClient) {
  const bindings = [];
  const moved = /* @__PURE__ */ new Set();
  for (const { type: type2, target, attributeName, oldValue, addedNodes, removedNodes } of records) {
    if (type2 === "childList") {
      for (const node2 of removedNodes) {
        moved.add(node2);
        if (node2 instanceof Element && !node2.isConnected) unbind(node2);
      }
      for (const node2 of addedNodes) {
        if (byClient && !moved.has(node2) && isOuter(target)) noteForeign(node2);
        if (node2 instanceof Element && node2.isConnected)
          for (const el of elements(node2)) collect(el, bindings);
      }
    } else {
      const el = target;
      if (byClient) noteServed(el, attributeName, oldValue);
      if (attributeName.startsWith("data-") && el.isConnected)
        followAttribute(el, attributeName, bindings);
    }
  }
  bindAll(unique(bindings));
}
var isOuter = (target) => (target === document.head || target === document.body) && document.readyState !== "loading";
function unique(bindings) {
  const seen = /* @__PURE__ */ new Map();
  return bindings.filter(({ el, attribute: attribute2 }) => {
    let names = seen.get(el);
    if (!names) seen.set(el, names = /* @__PURE__ */ new Set());
    return names.has(attribute2) ? false : names.add(attribute2);
  });
}
function followAttribute(el, attribute2, bindings) {
  if (attribute2 === "data-ignore") {
    if (el.hasAttribute(attribute2)) unbind(el);
    else for (const inner of elements(el)) collect(inner, bindings);
    return;
  }
  const value = el.getAttribute(attribute2);
  if (value === null) release(el, attribute2);
  else if (bound.get(el)?.get(attribute2) !== value && !el.closest("[data-ignore]") && !el.hasAttribute("data-ignore__self")) {
    collectOne(el, attribute2, value, bindings);
  }
}
function unbind(top) {
  releaseAll(top);
  for (const el of top.querySelectorAll("*")) releaseAll(el);
}
function settle(byClient) {
  const records = observer.takeRecords();
  if (records.length) follow(records, byClient);
}
function apply(top = document.documentElement) {
  if (![...roots].some((other) => other.contains(top))) {
    roots.add(top);
    observer.observe(top, {
      childList: true,
      attributes: true,
      attributeOldValue: true,
      subtree: true
    });
  }
  scan(top);
}
var late;
function start() {
  onAttribute((plugin) => {
    if (late) late.push(plugin);
    else {
      late = [plugin];
      queueMicrotask(() => {
        const plugins = late;
        late = void 0;
        for (const one of plugins) for (const top of roots) scan(top, attributes.get(one.name));
      });
    }
  });
  queueMicrotask(() => {
    apply();
    document.dispatchEvent(new CustomEvent("datastar-ready"));
  });
}

// src/morph/keep.ts
function move(parent, node2, before) {
  const place3 = parent;
  if (node2.parentNode === parent && node2.nextSibling === before) return;
  if (place3.moveBefore && node2.isConnected && place3.isConnected) {
    try {
      place3.moveBefore(node2, before);
      return;
    } catch {
    }
  }
  const scrolled = node2 instanceof Element ? scrolledIn(node2) : [];
  place3.insertBefore(node2, before);
  for (const [el, left2, top] of scrolled) el.scrollTo({ left: left2, top, behavior: "instant" });
}
function scrolledIn(top) {
  return [top, ...top.querySelectorAll("*")].filter((el) => el.scrollTop || el.scrollLeft).map((el) => [el, el.scrollLeft, el.scrollTop]);
}
function keepFocus() {
  const el = document.activeElement;
  if (!el || el === document.body) return () => {
  };
  const { id } = el;
  const { selectionStart, selectionEnd, selectionDirection } = caret2(el);
  return () => {
    if (document.activeElement === el) return;
    const heir = el.isConnected ? el : id ? document.getElementById(id) : null;
    if (!heir || document.activeElement && document.activeElement !== document.body) return;
    heir.focus({ preventScroll: true });
    if (selectionStart === null) return;
    try {
      ;
      heir.setSelectionRange(
        selectionStart,
        selectionEnd,
        selectionDirection ?? void 0
      );
    } catch {
    }
  };
}
function caret2(el) {
  try {
    const {
      selectionStart = null,
      selectionEnd = null,
      selectionDirection = null
    } = el;
    return { selectionStart, selectionEnd, selectionDirection };
  } catch {
    return { selectionStart: null, selectionEnd: null, selectionDirection: null };
  }
}

// src/morph/holds.ts
var released = () => {
};
var count = 0;
var composing;
var told = false;
function onRelease(run4) {
  released = run4;
}
function hold() {
  count++;
  return () => {
    count--;
    release2();
  };
}
var isHolding = () => count > 0 || !!composing;
function release2() {
  if (told) return;
  told = true;
  queueMicrotask(() => {
    told = false;
    released();
  });
}
function isHeld(el) {
  const held = [...el.querySelectorAll("[data-hold]")];
  if (composing?.isConnected) {
    if (composing.contains(el)) return true;
    if (el.contains(composing)) held.push(composing);
  }
  return !!el.closest("[data-hold]") || held.some((one) => !isMountedIn(el, one));
}
function isMountedIn(top, el) {
  const wrapper = el.closest("helio-mount");
  return !!wrapper && top !== wrapper && top.contains(wrapper);
}
addEventListener("compositionstart", ({ target }) => composing = target, true);
addEventListener(
  "compositionend",
  () => {
    composing = void 0;
    release2();
  },
  true
);

// src/morph/leaving.ts
var candidates = /* @__PURE__ */ new Map();
var byName = /* @__PURE__ */ new Map();
var leaving = /* @__PURE__ */ new Set();
var NAMED = "[id],[data-part],[data-region]";
function namesOf(el) {
  const part = el.getAttribute("data-part");
  const region2 = el.getAttribute("data-region");
  const id = idOf(el);
  return [part ?? "", id && `#${id}`, region2 ? `@${region2}` : ""].filter(Boolean);
}
var regionOf = (el) => el?.closest("[data-region]") ?? null;
function announce(el, back) {
  if (candidates.has(el)) return;
  const one = { el, region: regionOf(el.parentElement), back, taken: false };
  candidates.set(el, one);
  for (const name of namesOf(el)) {
    const same = byName.get(name);
    if (same) same.push(one);
    else byName.set(name, [one]);
  }
}
function namesIn(html) {
  const all = html.matchAll(/\s(?:id|data-part|data-region)="([^"]*)"/g);
  return new Set(Array.from(all, ([, name]) => name));
}
function announceMissing(top, names) {
  for (const el of top.querySelectorAll(NAMED)) {
    const stays = namesOf(el).some((name) => names.has(name.replace(/^[#@]/, "")));
    if (!stays && !isMountedIn(top, el)) announce(el, false);
  }
}
function leave(el) {
  announce(el, false);
  candidates.get(el).taken = false;
  leaving.add(el);
}
function isGone(el) {
  for (let at = leaving.size ? el : null; at; at = at.parentNode)
    if (leaving.has(at)) return true;
  return false;
}
var select = (selector) => [...document.querySelectorAll(selector)].filter((el) => !isGone(el));
var hasLeavers = () => leaving.size > 0;
var isLeaving = (node2) => leaving.has(node2);
var wasTaken = (name, region2) => byName.get(name)?.some((one) => one.taken && one.region === region2) ?? false;
function stay(node2) {
  if (!candidates.size) return;
  leaving.delete(node2);
  const one = candidates.get(node2);
  if (one) one.taken = true;
}
function leaverFor(next, parent) {
  if (!candidates.size) return void 0;
  const own3 = regionOf(parent instanceof Element ? parent : null);
  const all = namesOf(next).flatMap((name) => byName.get(name) ?? []).filter(
    ({ el, region: region2, back, taken }) => !taken && el.nodeName === next.nodeName && (!back || region2 === own3) && !el.parentElement?.closest("[data-ignore-morph]")
  );
  return (all.find(({ region: region2 }) => region2 === own3) ?? all[0])?.el;
}
var brings = (next, parent) => candidates.size > 0 && [...next.querySelectorAll(NAMED)].some((el) => leaverFor(el, parent));
function keepLeaver(node2) {
  if (!candidates.size || !(node2 instanceof Element)) return false;
  if (![node2, ...node2.querySelectorAll(NAMED)].some((el) => candidates.get(el)?.taken === false))
    return false;
  leaving.add(node2);
  return true;
}
function takeLeavers() {
  const left2 = [...leaving];
  leaving.clear();
  candidates.clear();
  byName.clear();
  return left2;
}

// src/mounts/defaults.ts
var INNER = "helio-mount[data-mode=inner]";
var sheet;
var hidden = /* @__PURE__ */ new Map();
function updateDefaults() {
  const wrappers2 = document.querySelectorAll(INNER);
  if (wrappers2.length && !sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(`:has(>${INNER})>:not(helio-mount){display:none!important}`);
    document.adoptedStyleSheets.push(sheet);
  }
  const targets = new Set([...wrappers2].map((wrapper) => wrapper.parentNode));
  for (const [text4, words] of hidden) {
    if (targets.has(text4.parentNode)) continue;
    hidden.delete(text4);
    text4.data ||= words;
  }
  for (const target of targets) {
    for (const node2 of target.childNodes) {
      if (!(node2 instanceof Text) || !node2.data.trim()) continue;
      hidden.set(node2, node2.data);
      node2.data = "";
    }
  }
}

// src/net/stream.ts
var QUIET = 500;
var open = () => {
};
var changed2 = () => {
};
var newest;
var timer;
function onOpen(run4) {
  open = run4;
}
function onChange(run4) {
  changed2 = run4;
}
function noteStream(stream, url2, online2) {
  if (!online2 && newest !== stream) return;
  newest = stream;
  changed2(online2 ? url2 : void 0);
}
function reopen() {
  open(true);
}
function reopenSoon() {
  clearTimeout(timer);
  timer = setTimeout(reopen, QUIET);
}
function ensureOpen() {
  open(false);
}

// src/mounts/mounts.ts
var MOST = 100;
var placed = /* @__PURE__ */ new Map();
var awaited = [];
var isSame = (one, into, key) => one.into === into && (key === void 0 || one.key === key);
var wrappers = (into, key) => [...placed].filter(([, mount2]) => isSame(mount2, into, key)).map(([wrapper]) => wrapper);
var mountOf = (wrapper) => placed.get(wrapper);
var hasMounts = () => placed.size > 0;
var hasGrants = () => [...placed.values(), ...awaited].some(({ grant }) => grant);
var isAwaited = (key) => awaited.some((mount2) => mount2.key === key);
function keep(wrapper, mount2) {
  awaited = awaited.filter((other) => !isSame(other, mount2.into, mount2.key));
  placed.set(wrapper, mount2);
  own(wrapper, placed, () => {
    if (wrapper.isConnected) return keep(wrapper, mount2);
    placed.delete(wrapper);
    updateDefaults();
    if (mount2.told) reopenSoon();
  });
}
function adoptMounts() {
  for (const wrapper of document.querySelectorAll("helio-mount")) {
    const { into = "", mode = "inner" } = wrapper.dataset;
    const key = wrapper.firstElementChild?.getAttribute("data-region") ?? "";
    keep(wrapper, { into, mode, key, grant: "", told: false });
  }
}
function expect(mount2) {
  const [wrapper] = wrappers(mount2.into, mount2.key);
  awaited = awaited.filter((other) => !isSame(other, mount2.into, mount2.key));
  if (wrapper) Object.assign(placed.get(wrapper), mount2);
  else awaited.push(mount2);
}
function drop(into, key, news) {
  const gone = awaited.filter((mount2) => isSame(mount2, into, key));
  awaited = awaited.filter((mount2) => !gone.includes(mount2));
  if (news && gone.some((mount2) => mount2.told)) reopenSoon();
  for (const wrapper of wrappers(into, key)) {
    placed.get(wrapper).told &&= news;
    wrapper.remove();
  }
}
function dropAwaited(gone) {
  awaited = awaited.filter((mount2) => !gone(mount2));
}
function renew(key, grant) {
  for (const mount2 of [...placed.values(), ...awaited]) if (mount2.key === key) mount2.grant = grant;
}
function tellMounts() {
  const present = [...document.querySelectorAll("helio-mount")].flatMap(
    (wrapper) => mountOf(wrapper) ?? []
  );
  const stays = present.filter(
    ({ into, mode }) => mode !== "inner" || !awaited.some((next) => next.mode === mode && next.into === into)
  );
  for (const mount2 of present) mount2.told = false;
  const all = [...stays, ...awaited].filter(({ grant }) => grant);
  if (all.length > MOST) report({}, problem("TooManyMounts", all.length));
  return all.slice(-MOST).map((mount2) => {
    mount2.told = true;
    const { into, mode, grant } = mount2;
    return { into, mode, grant };
  });
}

// src/mounts/places.ts
var WRAPPER = "helio-mount";
var parking = document.createElement("helio-parking");
var fresh = /* @__PURE__ */ new WeakSet();
function targetOf(into) {
  const kind = into[0] === "#" ? "id" : into[0] === "~" ? "data-part" : "data-slot";
  const found = select(`[${kind}=${CSS.escape(into.replace(/^[#~]/, ""))}]`);
  return found.find((el) => !parking.contains(el));
}
function put(wrapper, { into, mode }) {
  const target = targetOf(into);
  if (!target) return false;
  let before = null;
  if (mode === "prepend") {
    before = target.firstChild;
    while (!fresh.has(wrapper) && isWrapper(before, mode)) before = before.nextSibling;
  }
  move(target, wrapper, before);
  fresh.delete(wrapper);
  return true;
}
var isWrapper = (node2, ...modes) => node2 instanceof Element && node2.localName === WRAPPER && (!modes.length || modes.includes(mountOf(node2)?.mode ?? ""));
var isMount = (node2) => isWrapper(node2);
function endOf(parent) {
  let end2 = null;
  if (!hasMounts()) return end2;
  for (let node2 = parent.lastChild; isWrapper(node2, "append", "inner"); node2 = node2.previousSibling)
    end2 = node2;
  return end2;
}
function startOf(parent) {
  let start2 = parent.firstChild;
  while (isWrapper(start2, "prepend")) start2 = start2.nextSibling;
  return start2;
}
function make(mount2) {
  const wrapper = document.createElement(WRAPPER);
  wrapper.dataset.into = mount2.into;
  wrapper.dataset.mode = mount2.mode;
  wrapper.style.display = "contents";
  keep(wrapper, mount2);
  fresh.add(wrapper);
  if (!put(wrapper, mount2)) park(wrapper);
  return wrapper;
}
function park(wrapper) {
  if (!parking.isConnected) document.documentElement.append(parking);
  move(parking, wrapper, null);
}
function discard(node2) {
  rescue(node2);
  node2.remove();
}
function rescue(top) {
  if (!hasMounts() || !(top instanceof Element)) return;
  for (const wrapper of top.querySelectorAll(WRAPPER))
    if (mountOf(wrapper) && !top.contains(wrapper.parentElement.closest(WRAPPER))) park(wrapper);
}
function dropMountsIn(top) {
  if (!(top instanceof Element)) return;
  for (const wrapper of top.querySelectorAll(WRAPPER)) {
    const mount2 = mountOf(wrapper);
    if (mount2) drop(mount2.into, mount2.key, false);
  }
  dropAwaited(({ into }) => {
    const target = targetOf(into);
    return !target || top.contains(target);
  });
}
function placeMounts() {
  let left2 = [...parking.children];
  let before;
  do {
    before = left2.length;
    left2 = left2.filter((wrapper) => !put(wrapper, mountOf(wrapper)));
  } while (left2.length && left2.length < before);
  for (const wrapper of left2) {
    const { into } = mountOf(wrapper);
    wrapper.remove();
    if (fresh.has(wrapper)) report({ attribute: WRAPPER }, problem("MountTargetNotFound", into));
  }
  parking.remove();
  if (hasMounts()) updateDefaults();
}

// src/morph/turn.ts
var depth = 0;
var restore = () => {
};
var isTogether = () => depth > 0;
function together(run4) {
  if (depth) return run4();
  depth++;
  restore = keepFocus();
  try {
    run4();
  } finally {
    depth--;
    end();
    restore();
  }
}
function releaseFocus() {
  ;
  document.activeElement?.blur();
  restore = () => {
  };
}
function end() {
  settle(true);
  for (const el of takeLeavers()) discard(el);
  placeMounts();
  settle(false);
}
function change(run4) {
  together(() => {
    settle(true);
    try {
      run4();
    } finally {
      settle(false);
    }
  });
}

// src/net/deliver.ts
function announce2(type2, el, argsRaw) {
  document.dispatchEvent(new CustomEvent("datastar-fetch", { detail: { type: type2, el, argsRaw } }));
}
var applying;
var isApplying = (receiver) => receiver !== void 0 && applying === receiver;
function deliver({ type: type2, args, receiver }) {
  const { el, except, live: live2 } = receiver;
  if (type2.startsWith("datastar-")) announce2(type2, el, args);
  const plugin = watchers.get(type2);
  if (!plugin) return;
  const context = { el, except, live: live2, error: problem };
  const outer = applying;
  applying = receiver;
  try {
    return attempt(type2, () => plugin.apply(context, args));
  } finally {
    applying = outer;
  }
}
function deliverTogether(all) {
  together(() => {
    for (const { type: type2, args } of all) attempt(type2, () => watchers.get(type2)?.prepare?.(args));
    for (const one of all) void deliver(one);
  });
}
function attempt(type2, run4) {
  const failed = (cause) => report({ attribute: type2 }, cause);
  try {
    const done = run4();
    return done instanceof Promise ? done.catch(failed) : void 0;
  } catch (cause) {
    failed(cause);
  }
}

// src/notices/shell.ts
var STYLE = `
:host{all:initial;position:fixed;z-index:2147483647;inset:auto 0 0;display:grid;justify-items:center;
gap:.5rem;padding:.75rem;pointer-events:none;color-scheme:light dark;
font:var(--helio-notice-font,14px/1.4 system-ui)}
div{display:contents}
p{margin:0;max-width:32rem;padding:.5em .9em;border-radius:var(--helio-notice-radius,.5rem);
pointer-events:auto;
background:var(--helio-notice-background,CanvasText);
color:var(--helio-notice-color,Canvas)}
.error,.success{background:var(--helio-error-background,#a3121f);color:var(--helio-error-color,#fff)}
.success{background:var(--helio-success-background,#14683a);color:var(--helio-success-color,#fff)}
button{all:unset;cursor:pointer;padding:0 .5em}
button:focus-visible{outline:2px solid}`;
var root2;
function region(role) {
  if (!root2?.host.isConnected) {
    const host = document.createElement("helio-notices");
    root2 = host.attachShadow({ mode: "open" });
    root2.innerHTML = '<div role="alert"></div><div role="status"></div>';
    const sheet2 = new CSSStyleSheet();
    sheet2.replaceSync(STYLE);
    root2.adoptedStyleSheets = [sheet2];
    document.documentElement.append(host);
  }
  return root2.querySelector(`[role=${role}]`);
}

// src/notices/toasts.ts
var shown = /* @__PURE__ */ new Map();
function toast({ text: text4, tone = "info", id }) {
  const error = tone === "error";
  const el = document.createElement("p");
  el.className = /^(error|success)$/.test(tone) ? tone : "info";
  el.part.add("toast", el.className);
  el.textContent = text4;
  const close = document.createElement("button");
  close.textContent = "×";
  close.ariaLabel = "Dismiss";
  el.append(close);
  let timer4;
  const end2 = () => {
    clearTimeout(timer4);
    el.remove();
    if (id && shown.get(id) === end2) shown.delete(id);
  };
  const wait = () => {
    clearTimeout(timer4);
    timer4 = setTimeout(end2, error ? 1e4 : 5e3);
  };
  close.onclick = end2;
  el.onpointerenter = el.onfocus = () => clearTimeout(timer4);
  el.onpointerleave = el.onblur = wait;
  if (id) {
    shown.get(id)?.();
    shown.set(id, end2);
  }
  region(error ? "alert" : "status").append(el);
  wait();
}
function endToast(id) {
  shown.get(id)?.();
}

// src/net/acks.ts
var PATIENCE = 1e3;
var KEPT = 100;
var heard = /* @__PURE__ */ new Set();
var waiting = /* @__PURE__ */ new Map();
function acknowledge(number) {
  const done = waiting.get(number);
  if (done) return done();
  heard.add(number);
  if (heard.size > KEPT) heard.delete(heard.values().next().value);
}
var unheard = () => [...waiting.keys()];
function acknowledged(number) {
  if (!number || heard.delete(number)) return void 0;
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer4);
      waiting.delete(number);
      resolve();
    };
    const timer4 = setTimeout(done, PATIENCE);
    waiting.set(number, done);
  });
}

// src/net/sse.ts
var StreamParser = class {
  constructor(emit, retry, lastId = "") {
    this.emit = emit;
    this.retry = retry;
    this.#id = lastId;
  }
  #rest = "";
  #afterReturn = false;
  #event = "";
  #data = [];
  #id;
  /** Takes the next piece, already decoded (the decoder drops the byte order mark). */
  feed(piece) {
    if (!piece) return;
    const text4 = this.#rest + (this.#afterReturn && piece[0] === "\n" ? piece.slice(1) : piece);
    this.#afterReturn = false;
    let start2 = 0;
    let returned = text4.indexOf("\r", this.#rest.length);
    let fed = text4.indexOf("\n", this.#rest.length);
    while (returned >= 0 || fed >= 0) {
      const end2 = returned < 0 || fed >= 0 && fed < returned ? fed : returned;
      this.#line(text4.slice(start2, end2));
      start2 = end2 + 1;
      if (end2 === returned) {
        if (start2 === text4.length) this.#afterReturn = true;
        else if (fed === start2) start2++;
        returned = text4.indexOf("\r", start2);
      }
      if (fed >= 0 && fed < start2) fed = text4.indexOf("\n", start2);
    }
    this.#rest = text4.slice(start2);
  }
  #line(line) {
    if (!line) {
      if (this.#data.length)
        this.emit({ event: this.#event, data: this.#data.join("\n"), id: this.#id });
      this.#event = "";
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    if (!colon) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#event = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.retry(Number(value));
  }
  get lastId() {
    return this.#id;
  }
};
function fields(data2) {
  const result = {};
  for (const line of data2.split("\n")) {
    const space = line.indexOf(" ");
    const name = space < 0 ? line : line.slice(0, space);
    const value = space < 0 ? "" : line.slice(space + 1);
    result[name] = name in result ? `${result[name]}
${value}` : value;
  }
  return result;
}

// src/net/waiting.ts
var PATIENCE2 = 1e4;
var waiting2 = [];
var follows = ({ key }, others) => others.some(({ frame }) => frame.key === key || frame.html.includes(`data-region="${key}"`));
var touches = (frame) => frame.touched().some(isHeld);
function frameOf({ type: type2, args, receiver }) {
  if (!receiver.live || !(waiting2.length || isHolding())) return void 0;
  try {
    return watchers.get(type2)?.frame?.(args);
  } catch {
    return void 0;
  }
}
function waits(delivery) {
  const frame = frameOf(delivery);
  if (!frame || !(follows(frame, waiting2) || touches(frame))) return false;
  const one = { delivery, frame, late: false, timer: setTimeout(end2, PATIENCE2) };
  function end2() {
    one.late = true;
    release3();
  }
  waiting2.push(one);
  return true;
}
function release3() {
  const rest = [];
  const free = [];
  for (const one of waiting2) {
    const { frame, late: late2 } = one;
    if (!late2 && (follows(frame, rest) || touches(frame))) rest.push(one);
    else free.push(one);
  }
  waiting2 = rest;
  for (const { timer: timer4 } of free) clearTimeout(timer4);
  const all = free.filter(({ frame }) => frame.stands?.() ?? true).map(({ delivery }) => delivery);
  if (all.length) batch(() => deliverTogether(all));
}
onRelease(release3);
function forget(el) {
  waiting2 = waiting2.filter(({ delivery, timer: timer4 }) => {
    const other = delivery.receiver.el !== el;
    if (!other) clearTimeout(timer4);
    return other;
  });
}

// src/net/answer.ts
var KINDS = {
  "event-stream": "stream",
  html: "html",
  json: "json",
  javascript: "script"
};
function kindOf(response) {
  const [, name = ""] = /^(?:text|application)\/(?:[\w.-]+\+)?([\w-]+)/.exec(
    response.headers.get("content-type") ?? ""
  ) ?? [];
  return KINDS[name.toLowerCase()];
}
async function readStream(response, receiver, lastId) {
  if (!response.body) return;
  const queue = [];
  const parser = new StreamParser(
    (event) => queue.push(event),
    receiver.retry ?? (() => {
    }),
    lastId
  );
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  for (; ; ) {
    receiver.alive?.();
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
    if (queue.length) await deliverAll(queue, receiver);
  }
}
function* turns(queue) {
  while (queue.length) {
    const { event, data: data2 } = queue[0];
    const batch2 = event === "helio-batch";
    const length = batch2 ? 1 + Math.max(0, Number(fields(data2).size) || 0) : 1;
    if (queue.length < length) return;
    yield queue.splice(0, length).slice(+batch2);
  }
}
var arrived = (turn, receiver) => turn.map((event) => {
  receiver.received?.(event);
  return { type: event.event, args: fields(event.data), receiver };
}).filter((delivery) => !waits(delivery));
async function deliverAll(queue, receiver) {
  startBatch();
  try {
    for (const turn of turns(queue)) {
      if (receiver.isOver?.()) return;
      const [one, ...others] = arrived(turn, receiver);
      if (others.length) deliverTogether([one, ...others]);
      const pending3 = one && !others.length && deliver(one);
      if (!pending3) continue;
      endBatch2();
      try {
        await pending3;
      } finally {
        startBatch();
      }
    }
  } finally {
    endBatch2();
  }
}
function named({ headers }) {
  const result = {};
  headers.forEach((value, name) => {
    if (name.startsWith("datastar-")) result[camel(name.slice(9))] = value;
  });
  return result;
}
var WHOLE = /^\s*(?:<!doctype|<html[\s>])/i;
async function applyBody(response, kind, receiver) {
  const text4 = await response.text();
  const send = async (type2, args) => {
    const pending3 = batch(() => deliver({ type: type2, args, receiver }));
    await pending3;
  };
  if (kind === "html") {
    const args = named(response);
    if (response.status >= 400 && !args.selector && WHOLE.test(text4)) return false;
    if (text4.trim() || args.mode === "remove")
      await send("datastar-patch-elements", { ...args, elements: text4 });
  } else if (kind === "json") {
    await send("datastar-patch-signals", { ...named(response), signals: text4 });
  } else if (kind === "script") {
    await send("datastar-execute-script", { ...named(response), script: text4 });
  } else if (text4.trim() && response.ok) {
    report(
      { el: receiver.el },
      problem("FetchExpectedTextEventStream", response.headers.get("content-type"))
    );
  }
  return kind !== void 0;
}

// src/net/backoff.ts
var Backoff = class {
  constructor({
    retryInterval = 1e3,
    retryScaler = 2,
    retryMaxWait = 3e4,
    retryMaxCount = 10
  }) {
    this.count = 0;
    this.#base = retryInterval;
    this.#scaler = retryScaler;
    this.#maxWait = retryMaxWait;
    this.#maxCount = retryMaxCount;
  }
  #base;
  #scaler;
  #maxWait;
  #maxCount;
  /** The server's own wish (`retry:`) replaces the base. */
  set base(milliseconds) {
    this.#base = milliseconds;
  }
  /** Something arrived: the next failure starts from the base again. */
  reset() {
    this.count = 0;
  }
  /** Milliseconds until the next attempt, or `undefined` when there were enough. */
  next(endless) {
    if (this.count >= this.#maxCount && !endless) return void 0;
    const wait = Math.min(
      this.#base * this.#scaler ** this.count++,
      Math.max(this.#maxWait, this.#base)
    );
    return wait * (1 + Math.random() / 2);
  }
};

// src/net/edits.ts
var clock = 0;
var edits = /* @__PURE__ */ new Map();
function noteEdit(path) {
  edits.set(path, ++clock);
}
var editMark = () => clock;
var editedSince = (path, mark2) => (edits.get(path) ?? 0) > mark2;

// src/net/idle.ts
var edited = /* @__PURE__ */ new Map();
var writing = null;
var INTERVAL = 500;
var timer2;
function noteSent(began) {
  edited.forEach((at, el) => at <= began && edited.delete(el));
}
function differs(el) {
  if (el instanceof HTMLInputElement && /^(checkbox|radio)$/.test(el.type))
    return el.checked !== el.defaultChecked;
  if (el instanceof HTMLInputElement || el instanceof HTMLTextAreaElement)
    return el.value !== el.defaultValue;
  return true;
}
function isIdle() {
  const unsent = [...edited.keys()];
  if (writing && writing === document.activeElement) unsent.push(writing);
  return !unsent.some((el) => el.isConnected && differs(el)) && !document.querySelector("[data-pending]");
}
function whenIdle(run4) {
  timer2 ??= setInterval(() => {
    if (!isIdle()) return;
    clearInterval(timer2);
    run4();
  }, INTERVAL);
}
addEventListener(
  "input",
  ({ target }) => {
    if (!(target instanceof Element)) return;
    writing = target;
    edited.set(target, performance.now());
  },
  true
);
addEventListener("focusout", () => writing = null, true);
addEventListener(
  "reset",
  ({ target }) => edited.forEach((_, el) => target.contains(el) && edited.delete(el))
);

// src/notices/banner.ts
var banner;
function showBanner() {
  const words = document.documentElement.getAttribute("data-helio-banner");
  if (banner || words === "off") return;
  banner = document.createElement("p");
  banner.className = "banner";
  banner.part.add("banner");
  banner.textContent = words || "Connection lost. Reconnecting …";
  region("status").append(banner);
}
function hideBanner() {
  banner?.remove();
  banner = void 0;
}

// src/net/status.ts
var GRACE = 1e3;
var states = /* @__PURE__ */ new Map();
var timer3;
var shown2;
function setState(stream, state) {
  if (state) states.set(stream, state);
  else states.delete(stream);
  const all = [...states.values()];
  const now = ["offline", "connecting", "online"].find((one) => all.includes(one));
  if (now === shown2) return;
  const { documentElement } = document;
  if (now) documentElement.setAttribute("data-helio-connection", now);
  else documentElement.removeAttribute("data-helio-connection");
  if (now === "offline") online(false);
  if (!now || now === "online") {
    clearTimeout(timer3);
    timer3 = void 0;
    online(true);
    hideBanner();
  } else if (shown2) {
    timer3 ??= setTimeout(() => {
      online(false);
      showBanner();
    }, GRACE);
  }
  shown2 = now;
}
function online(value) {
  mergePatch({ _helio: { online: value } });
}

// src/net/exchange.ts
var COMMAND_ATTEMPTS = 3;
var SILENCE = 5e4;
var Exchange = class {
  #outgoing;
  #backoff;
  #live;
  #pausable;
  #command;
  #controller;
  #lastId = "";
  #closed = false;
  #paused = false;
  #hurry = false;
  #left = false;
  #wake;
  #watchdog;
  #receiver;
  constructor(outgoing) {
    const { options, method } = outgoing;
    this.#outgoing = outgoing;
    this.#live = options.live ?? false;
    this.#command = method !== "GET";
    this.#pausable = !(options.openWhenHidden ?? this.#command);
    this.#backoff = new Backoff(
      this.#command ? { retryMaxCount: COMMAND_ATTEMPTS, ...options } : options
    );
  }
  get live() {
    return this.#live;
  }
  get closed() {
    return this.#closed;
  }
  get command() {
    return this.#command;
  }
  /** Whether this exchange is changing the page right now. */
  get applying() {
    return isApplying(this.#receiver);
  }
  /** Ends it for good. */
  close() {
    this.#closed = true;
    this.#interrupt();
  }
  /**
   * Opens it anew at once, whatever it is doing: the network came back, or the server asked for
   * it.
   */
  reopen() {
    this.#hurry = true;
    this.#interrupt();
  }
  #interrupt() {
    this.#controller?.abort();
    this.#wake?.();
  }
  #pause(pause) {
    this.#paused = pause;
    if (pause) this.#interrupt();
    else this.#wake?.();
  }
  /** A page that is hidden, or kept for the way back, needs no stream. */
  #listen(signal2) {
    const rests = () => this.#pausable && document.hidden;
    if (this.#pausable)
      document.addEventListener("visibilitychange", () => this.#pause(document.hidden), { signal: signal2 });
    if (!this.#command) {
      addEventListener("pagehide", () => this.#pause(true), { signal: signal2 });
      addEventListener("pageshow", () => this.#pause(rests()), { signal: signal2 });
    } else {
      addEventListener("beforeunload", () => this.#left = true, { signal: signal2 });
    }
    addEventListener("online", () => this.#live ? this.reopen() : this.#wake?.(), { signal: signal2 });
    this.#paused = rests();
  }
  /** Runs to the end. Never rejects. */
  async run() {
    const listeners = new AbortController();
    this.#listen(listeners.signal);
    try {
      await this.#attempts();
    } finally {
      listeners.abort();
      this.#state(void 0);
      if (this.#live) forget(this.#outgoing.el);
    }
  }
  async #attempts() {
    for (; ; ) {
      while (this.#paused && !this.#closed) await this.#rest();
      if (this.#closed) return;
      const verdict = await this.#attempt();
      if (this.#closed || verdict === "over") return;
      if (this.#paused || this.#hurry) continue;
      const wait = this.#backoff.next(this.#live);
      if (verdict === "failed" || wait === void 0) {
        announce2("retries-failed", this.#outgoing.el, {});
        if (this.#command)
          this.#toast("error", "The action was not done: the server cannot be reached.");
        return;
      }
      announce2("retrying", this.#outgoing.el, {
        message: `${this.#outgoing.method} ${this.#outgoing.url}`
      });
      this.#state("offline");
      await this.#rest(wait);
    }
  }
  /** Waits for the time, or until something wakes it. */
  #rest(wait) {
    return new Promise((resolve) => {
      const timer4 = wait === void 0 ? void 0 : setTimeout(() => this.#wake?.(), wait);
      this.#wake = () => {
        clearTimeout(timer4);
        this.#wake = void 0;
        resolve();
      };
    });
  }
  async #attempt() {
    const { retry = "auto" } = this.#outgoing.options;
    const controller3 = this.#controller = new AbortController();
    this.#hurry = false;
    this.#state("connecting");
    const began = performance.now();
    let response;
    const mark2 = editMark();
    try {
      const [url2, init2] = await this.#outgoing.build(this.#lastId, controller3.signal);
      if (controller3.signal.aborted) return "again";
      response = await window.fetch(url2, init2);
    } catch {
      if (controller3.signal.aborted) return "again";
      if (retry === "never") return "failed";
      if (this.#command)
        this.#toast("error", "Not done yet: the server cannot be reached. Trying again …");
      return "again";
    }
    if (this.#command) endToast(this.#toastId);
    if (this.#command && response.ok) noteSent(began);
    this.ack = response.ok && response.headers.get("helio-ack") || void 0;
    this.shows = acknowledged(this.ack);
    return this.#answer(response, controller3, mark2);
  }
  async #answer(response, controller3, mark2) {
    const { el, options } = this.#outgoing;
    const { retry = "auto" } = options;
    const { status } = response;
    const kind = kindOf(response);
    if (status >= 400) announce2("error", el, { status: String(status) });
    if (status === 204) return "over";
    const once = this.#command || kind !== "stream" || response.headers.has("content-length");
    const receiver = this.#receiver = this.#receive(once ? mark2 : void 0);
    try {
      if (kind === "stream") {
        if (response.ok) this.#state("online");
        await readStream(response, receiver, this.#lastId);
      } else if (!this.#live) {
        const applied = await applyBody(response, kind, receiver);
        if (status >= 400 && !applied && this.#command)
          this.#toast("error", `The action failed on the server (${status}).`);
      } else if (status < 400) {
        report(
          { el, attribute: this.#outgoing.url },
          `the page's stream was answered with ${response.headers.get("content-type")}`
        );
      }
    } catch {
      if (this.#closed) return "over";
      if (controller3.signal.aborted) return "again";
      if (retry === "never") return "over";
      if (!this.#command || retry !== "auto") return "again";
      this.#toast("error", "The answer was cut off: the action may have been done.");
      return "over";
    } finally {
      clearTimeout(this.#watchdog);
      controller3.abort();
    }
    if (this.#closed) return "over";
    if (this.#live || retry === "always") return "again";
    return retry === "error" && status >= 400 ? "again" : "over";
  }
  #receive(mark2) {
    return {
      el: this.#outgoing.el,
      live: this.#live,
      isOver: () => this.#live && this.#closed,
      // What the user typed since is newer than what the answer knows.
      ...mark2 === void 0 ? {} : { except: (path) => editedSince(path, mark2) },
      // A live stream that says nothing for so long is gone, though nobody told us.
      alive: () => {
        clearTimeout(this.#watchdog);
        if (this.#live) this.#watchdog = setTimeout(() => this.reopen(), SILENCE);
      },
      received: ({ event, id }) => {
        this.#lastId = id;
        this.#backoff.reset();
        if (event === "datastar-close") this.#closed = true;
      },
      retry: (milliseconds) => this.#backoff.base = milliseconds
    };
  }
  #state(state) {
    if (!this.#live) return;
    setState(this, state);
    noteStream(this, this.#outgoing.url, state === "online");
  }
  get #toastId() {
    return `request-${this.#outgoing.id}`;
  }
  #toast(tone, text4) {
    if (!this.#left) toast({ tone, text: text4, id: this.#toastId });
  }
};

// src/net/pending.ts
var counts = /* @__PURE__ */ new WeakMap();
function pending2(el) {
  counts.set(el, (counts.get(el) ?? 0) + 1);
  noteServed(el, "data-pending", el.getAttribute("data-pending"));
  el.setAttribute("data-pending", "");
  return () => {
    const left2 = counts.get(el) - 1;
    counts.set(el, left2);
    if (!left2) el.removeAttribute("data-pending");
  };
}

// src/signals/filter.ts
function test(value, otherwise) {
  if (value === void 0) return () => otherwise;
  const source = raw(value);
  const expression2 = typeof source === "string" ? new RegExp(source) : source;
  return (path) => {
    expression2.lastIndex = 0;
    return expression2.test(path);
  };
}
function passes({ include, exclude }) {
  const wanted = test(include, true);
  const unwanted = test(exclude, false);
  return (path) => wanted(path) && !unwanted(path);
}
function sendable(value) {
  if (typeof value === "function" || typeof value === "symbol" || value === void 0) return false;
  if (typeof value !== "object" || value === null) return true;
  return typeof value.toJSON === "function";
}
function filtered(filter = {}, source = allData()) {
  if (tracking()) anyChange();
  const wanted = test(filter.include, true);
  const unwanted = test(filter.exclude, false);
  const take = (value, path, inList) => {
    const here = value instanceof Derived ? raw(value.read_()) : value;
    if (Array.isArray(here)) {
      return inList || wanted(path) ? here.map((item, at) => take(item, `${path}.${at}`, true) ?? null) : void 0;
    }
    if (!isPlain(here)) return sendable(here) && (inList || wanted(path)) ? here : void 0;
    const result = {};
    let some = false;
    for (const key of Object.keys(here)) {
      const name = path ? `${path}.${key}` : key;
      if (unwanted(name)) continue;
      const inner = take(here[key], name, inList);
      if (inner === void 0) continue;
      result[key] = inner;
      some = true;
    }
    return some || inList || path && !filter.include && !Object.keys(here).length ? result : void 0;
  };
  return take(raw(source), "", false) ?? {};
}
function leaves(visit2, source = allData(), prefix = "") {
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (isPlain(value)) leaves(visit2, value, `${prefix}${key}.`);
    else if (!(value instanceof Derived)) visit2(prefix + key, value);
  }
}

// src/net/tab.ts
var KEY = "helio-tab";
function randomId() {
  const words = crypto.getRandomValues(new Uint32Array(3));
  return [...words].map((word) => word.toString(36).padStart(7, "0")).join("");
}
function stored() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}
function mint() {
  const id = randomId();
  try {
    sessionStorage.setItem(KEY, id);
  } catch {
  }
  return id;
}
var letGo;
var settled;
async function claim(id) {
  if (!("locks" in navigator)) return id;
  const held = await new Promise((resolve) => {
    const options = { signal: AbortSignal.timeout(250) };
    navigator.locks.request(`${KEY}-${id}`, options, () => {
      resolve(true);
      return new Promise((release4) => letGo = release4);
    }).catch((cause) => resolve(!/Abort|Timeout/.test(cause.name)));
  });
  return held ? id : claim(mint());
}
function tabId() {
  return settled ??= claim(stored() ?? mint());
}
addEventListener("pagehide", () => {
  letGo?.();
  settled = void 0;
});

// src/presence/presence.ts
var PAUSE = 100;
var DELAY = 50;
var MOST2 = 32;
var elements2 = /* @__PURE__ */ new Map();
var values = /* @__PURE__ */ new Map();
var told2 = "[]";
var url;
var controller;
var running = false;
var isPresent = () => elements2.size > 0;
function places() {
  const all = /* @__PURE__ */ new Map();
  for (const [name, token] of elements2.values())
    all.set(token, { token, values: values.get(name) ?? {} });
  return [...all.values()].slice(0, MOST2).sort((one, other) => one.token < other.token ? -1 : 1);
}
function tellPresence() {
  controller?.abort();
  if (elements2.size > MOST2) report({}, problem("TooManyPlaces", elements2.size));
  const list = places();
  told2 = JSON.stringify(list);
  return list;
}
function enter(el, name, token) {
  elements2.set(el, [name, token]);
  changed3();
  return () => {
    elements2.delete(el);
    changed3();
  };
}
function say(name, field, so) {
  const { [field]: was, ...others } = values.get(name) ?? {};
  if (!!was === so) return;
  values.set(name, so ? { ...others, [field]: true } : others);
  changed3();
}
function changed3() {
  if (running) return;
  running = true;
  setTimeout(() => void run2(), DELAY);
}
async function run2() {
  if (!url && isPresent()) ensureOpen();
  while (url && JSON.stringify(places()) !== told2) {
    await Promise.all([post(url), new Promise((resolve) => setTimeout(resolve, PAUSE))]);
  }
  running = false;
}
async function post(to) {
  const presence2 = places();
  told2 = JSON.stringify(presence2);
  controller = new AbortController();
  const { signal: signal2 } = controller;
  try {
    const { status } = await window.fetch(to, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Datastar-Request": "true",
        "Helio-Request": randomId(),
        "Helio-Tab": await tabId(),
        "Helio-Stream": "presence"
      },
      body: JSON.stringify({ presence: presence2 }),
      signal: signal2
    });
    if (status === 409) reopen();
  } catch {
    if (!signal2.aborted) reopen();
  }
}
onChange((stream) => {
  url = stream;
  if (url) changed3();
});

// src/net/told.ts
var HEADER_LIMIT = 4096;
var BODY_LIMIT = 65536;
function versions() {
  const have = /* @__PURE__ */ new Map();
  for (const el of document.querySelectorAll("[data-region]")) {
    const { region: region2 = "", v } = el.dataset;
    const known2 = !isAwaited(region2) && (!have.has(region2) || have.get(region2) === v);
    have.set(region2, known2 ? v : void 0);
  }
  return Object.fromEntries([...have].filter(([, version2]) => version2 !== void 0));
}
function tell2(headers) {
  const build = document.getElementById("helio-page")?.dataset.build;
  if (build) headers["Helio-Build"] = build;
  const acks = unheard();
  if (acks.length) headers["Helio-Acks"] = acks.join(" ");
  const have = versions();
  const mounts2 = tellMounts();
  const presence2 = tellPresence();
  const list = Object.entries(have).map((pair2) => pair2.join("=")).join(" ");
  if (!mounts2.length && !presence2.length && list.length <= HEADER_LIMIT) {
    if (list) headers["Helio-Have"] = list;
    return void 0;
  }
  headers["Helio-Stream"] = "open";
  headers["Content-Type"] = "application/json";
  const body = JSON.stringify({ have, mounts: mounts2, presence: presence2 });
  return new TextEncoder().encode(body).length <= BODY_LIMIT ? body : JSON.stringify({ have: {}, mounts: mounts2, presence: presence2 });
}
var wantsStream = () => hasGrants() || isPresent();

// src/net/request.ts
var PRIVATE = /(^|\.)_/;
var Outgoing = class {
  /**
   * One id per user action, the same on its retries: a server can answer a repetition from
   * memory.
   */
  constructor(el, evt, method, url2, options, id) {
    this.el = el;
    this.evt = evt;
    this.method = method;
    this.url = url2;
    this.options = options;
    this.id = id;
    const { contentType = "json" } = options;
    if (!/^(json|form)$/.test(contentType)) fail("FetchInvalidContentType", contentType);
    this.form = contentType === "form" ? this.#findForm() : void 0;
  }
  /** Whether the form may be sent; shows its messages if not. */
  get valid() {
    return !this.form || this.form.noValidate || this.form.reportValidity();
  }
  get inUrl() {
    return this.method === "GET" || this.method === "DELETE";
  }
  async build(lastId, signal2) {
    const url2 = new URL(this.url, document.baseURI);
    const headers = {
      Accept: "text/event-stream, text/html, application/json",
      "Datastar-Request": "true"
    };
    let told3;
    if (url2.origin === location.origin) {
      headers["Helio-Request"] = this.id;
      headers["Helio-Tab"] = await tabId();
      if (this.options.live) {
        forget(this.el);
        told3 = tell2(headers);
      }
    }
    if (lastId) headers["last-event-id"] = lastId;
    const body = this.form ? this.#formBody(this.form, url2) : this.#jsonBody(url2, headers);
    Object.assign(headers, this.options.headers);
    const init2 = { method: told3 ? "POST" : this.method, headers, signal: signal2 };
    if (told3 ?? body !== void 0) init2.body = told3 ?? body;
    if (this.options.live) init2.cache = "no-store";
    return [url2.href, init2];
  }
  #findForm() {
    const { selector } = this.options;
    const form = selector ? document.querySelector(selector) : this.el.closest("form");
    if (!(form instanceof HTMLFormElement)) return fail("FetchFormNotFound", selector);
    return form;
  }
  #jsonBody(url2, headers) {
    const { payload, filterSignals: { include, exclude = PRIVATE } = {}, live: live2 } = this.options;
    const json = JSON.stringify(payload === void 0 ? filtered({ include, exclude }) : payload);
    if (!this.inUrl) {
      headers["Content-Type"] = "application/json";
      return json;
    }
    if (!live2 || json !== "{}") url2.searchParams.set("datastar", json);
    return void 0;
  }
  #formBody(form, url2) {
    const submitter = this.evt instanceof SubmitEvent && this.evt.target === form ? this.evt.submitter : null;
    const data2 = new FormData(form, submitter);
    if (!this.inUrl && form.enctype === "multipart/form-data") return data2;
    const pairs = new URLSearchParams();
    for (const [name, value] of data2)
      pairs.append(name, typeof value === "string" ? value : value.name);
    if (!this.inUrl) return pairs;
    for (const [name, value] of pairs) url2.searchParams.append(name, value);
    return void 0;
  }
};

// src/actions/fetch.ts
var underWay = /* @__PURE__ */ new Map();
var live = /* @__PURE__ */ new Map();
var added;
onOpen((anew) => {
  const open2 = [...live.keys()].filter((exchange) => !exchange.closed);
  for (const exchange of anew ? open2 : []) {
    if (exchange === added && !wantsStream()) exchange.close();
    else exchange.reopen();
  }
  if (open2.length || !wantsStream()) return;
  const el = document.getElementById("helio-page") ?? document.body;
  const { pathname, search } = location;
  const options = { live: true, retry: "always", filterSignals: { include: "^$" } };
  const page = { el, evt: void 0, attribute: void 0 };
  void request("GET", page, pathname + search, options);
  added = [...live.keys()].at(-1);
});
function supersede(key, el, anywhere) {
  underWay.get(key)?.forEach((owner, exchange) => {
    if (anywhere || owner === el || !owner.isConnected) exchange.close();
  });
}
function spare(given) {
  if (!given.signal.aborted) return given;
  const fresh2 = new AbortController();
  replaceValue(given, fresh2);
  return fresh2;
}
async function request(method, { el, evt, attribute: attribute2 }, url2, given = {}) {
  const options = raw(given);
  if (!url2) fail("FetchNoUrlProvided");
  const outgoing = new Outgoing(el, evt, method, url2, options, randomId());
  if (!outgoing.valid) return;
  const cancellation = raw(options.requestCancellation ?? "auto");
  const key = `${method} ${url2}`;
  const exchange = new Exchange(outgoing);
  if (cancellation === "auto" || cancellation === "cleanup") supersede(key, el, false);
  else if (cancellation === "url") supersede(key, el, true);
  else if (cancellation instanceof AbortController) {
    const { signal: signal2 } = spare(cancellation);
    signal2.addEventListener("abort", () => exchange.close(), { once: true });
  }
  let others = underWay.get(key);
  if (!others) underWay.set(key, others = /* @__PURE__ */ new Map());
  others.set(exchange, el);
  if (exchange.live) {
    live.forEach((owner, other) => owner === el && other.close());
    live.set(exchange, el);
  }
  const end2 = () => {
    if (cancellation === "cleanup" || exchange.live || !exchange.command && !exchange.applying)
      exchange.close();
  };
  own(el, exchange, end2, evt ? void 0 : attribute2);
  announce2("started", el, {});
  const shown4 = exchange.command ? pending2(el) : void 0;
  try {
    await exchange.run();
  } finally {
    others.delete(exchange);
    if (!others.size) underWay.delete(key);
    live.delete(exchange);
    disown(el, exchange);
    announce2("finished", el, exchange.ack ? { ack: exchange.ack } : {});
  }
  if (exchange.shows) await exchange.shows;
  shown4?.();
  document.dispatchEvent(new CustomEvent("helio-settled", { detail: { el } }));
}
var fetchActions = ["get", "post", "put", "patch", "delete"].map(
  (name) => ({
    name,
    apply: (context, url2, options) => untracked(() => {
      const { el } = context;
      return request(name.toUpperCase(), context, url2, options).catch(
        (cause) => report({ el, attribute: `@${name}` }, cause)
      );
    })
  })
);

// src/actions/peek.ts
var peek = {
  name: "peek",
  apply: (_, read2) => untracked(read2)
};

// src/actions/set-all.ts
var setAll = {
  name: "setAll",
  apply(_, value, filter = {}) {
    const pass = passes(filter);
    untracked(() => batch(() => leaves((path) => pass(path) && setPath(path, value))));
  }
};

// src/actions/toggle-all.ts
var toggleAll = {
  name: "toggleAll",
  apply(_, filter = {}) {
    const pass = passes(filter);
    untracked(() => batch(() => leaves((path, value) => pass(path) && setPath(path, !value))));
  }
};

// src/attributes/attr.ts
var LIVE = /^(checked|selected|value|muted|indeterminate|open)$/;
var ENUMERATED = /^(aria-.*|draggable|contenteditable|spellcheck)$/;
function write(el, name, value) {
  const place3 = el;
  if (LIVE.test(name) && name in el) {
    const wanted = typeof place3[name] === "boolean" ? !!value : value ?? "";
    if (place3[name] !== wanted) place3[name] = wanted;
    if (name === "indeterminate") return;
  }
  const word = ENUMERATED.test(name) && typeof value === "boolean" ? String(value) : value;
  if (word === false || word === null || word === void 0) el.removeAttribute(name);
  else
    el.setAttribute(
      name,
      word === true ? "" : typeof word === "string" ? word : JSON.stringify(word)
    );
}
var attr = {
  name: "attr",
  requirement: { value: "must" },
  returnsValue: true,
  apply({ el, rawKey, rx, effect: effect4 }) {
    return effect4(() => {
      const value = rx();
      if (rawKey !== void 0) write(el, rawKey, value);
      else
        for (const [name, one] of Object.entries(Object(value)))
          write(
            el,
            /[A-Z]/.test(name) && el.namespaceURI?.endsWith("xhtml") ? kebab(name) : name,
            one
          );
    });
  }
};

// src/attributes/bind.ts
var like = (signal2, text4) => typeof signal2 === "number" ? Number(text4) : text4;
function textAdapter(el) {
  const numeric = /^(number|range)$/.test(el.type);
  return {
    events: ["input"],
    read: (signal2) => numeric && typeof signal2 !== "string" ? Number(el.value) : like(signal2, el.value),
    first: () => numeric ? Number(el.value) : el.value,
    write(value) {
      const text4 = String(value ?? "");
      if (el.value === text4 || typeof value === "number" && document.activeElement === el && Number(el.value) === value)
        return;
      el.value = text4;
    }
  };
}
function checkboxAdapter(el) {
  const word = el.getAttribute("value");
  return {
    events: ["input"],
    read: (signal2) => typeof signal2 === "string" || word !== null && typeof signal2 !== "boolean" ? el.checked ? word ?? "on" : "" : el.checked,
    first: () => word === null ? el.checked : el.checked ? word : "",
    write(value) {
      el.checked = typeof value === "string" ? value === (word ?? "on") : !!value;
    }
  };
}
function radioAdapter(el, path) {
  if (!el.name) el.name = path;
  return {
    events: ["input"],
    read: (signal2) => el.checked ? like(signal2, el.value) : signal2,
    first: () => el.checked ? el.value : void 0,
    write(value) {
      el.checked = String(value ?? "") === el.value;
    }
  };
}
function selectAdapter(el) {
  if (!el.multiple) {
    return {
      events: ["change"],
      read: (signal2) => like(signal2, el.value),
      first: () => el.value,
      write(value) {
        const text4 = String(value ?? "");
        if (el.value !== text4) el.value = text4;
      }
    };
  }
  const numbers = /* @__PURE__ */ new Set();
  const chosen = () => [...el.selectedOptions].map(({ value }) => numbers.has(value) ? Number(value) : value);
  return {
    events: ["change"],
    read: chosen,
    first: chosen,
    write(value) {
      const list = Array.isArray(value) ? value : [];
      for (const item of list) if (typeof item === "number") numbers.add(String(item));
      const wanted = new Set(list.map(String));
      for (const option2 of el.options) {
        const on2 = wanted.has(option2.value);
        if (option2.selected !== on2) option2.selected = on2;
      }
    }
  };
}
function encode(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const url2 = reader.result;
      resolve({ name: file.name, contents: url2.slice(url2.indexOf(",") + 1), mime: file.type });
    };
    reader.onerror = () => reject(reader.error ?? new Error(file.name));
    reader.readAsDataURL(file);
  });
}
function plainAdapter(el, name, custom) {
  const place3 = el;
  const prop = name ?? (el.isContentEditable ? "textContent" : "value");
  const isProp = name !== void 0 || prop in el;
  const read2 = (signal2) => {
    const value = isProp ? place3[prop] : el.getAttribute(prop) ?? "";
    return typeof value === "string" ? like(signal2, value) : value;
  };
  return {
    events: el.isContentEditable ? ["input"] : custom ? ["input", "change"] : ["change"],
    read: read2,
    first: () => read2(void 0),
    write(value) {
      if (!isProp) el.setAttribute(prop, String(value ?? ""));
      else if (place3[prop] !== value) place3[prop] = value;
    }
  };
}
function adapterFor(el, path, prop) {
  if (prop === void 0) {
    if (el instanceof HTMLInputElement) {
      if (el.type === "checkbox") return checkboxAdapter(el);
      if (el.type === "radio") return radioAdapter(el, path);
      return textAdapter(el);
    }
    if (el instanceof HTMLTextAreaElement) return textAdapter(el);
    if (el instanceof HTMLSelectElement) return selectAdapter(el);
  }
  return plainAdapter(el, prop, el.localName.includes("-"));
}
function typedEarly(el) {
  if (document.readyState === "complete") return false;
  if (el instanceof HTMLInputElement && /^(checkbox|radio)$/.test(el.type))
    return el.checked !== el.defaultChecked;
  if (el instanceof HTMLInputElement || el instanceof HTMLTextAreaElement)
    return el.value !== el.defaultValue;
  return el instanceof HTMLSelectElement && [...el.options].some((one) => one.selected && !one.defaultSelected) && el.selectedIndex > 0;
}
function place2(el, attribute2) {
  const name = CSS.escape(attribute2);
  const value = CSS.escape(el.getAttribute(attribute2) ?? "");
  return [...document.querySelectorAll(`[${name}="${value}"]`)].indexOf(el);
}
var shared = (el) => el instanceof HTMLInputElement && !/^(radio|file)$/.test(el.type);
function bindFile(el, path) {
  const changed4 = () => {
    noteEdit(path);
    void Promise.all([...el.files ?? []].map(encode)).then((files) => setPath(path, files));
  };
  if (!hasPath(path)) setPath(path, []);
  el.addEventListener("change", changed4);
  return () => el.removeEventListener("change", changed4);
}
var bind2 = {
  name: "bind",
  literal: true,
  apply({ el, attribute: attribute2, key, value, mods, effect: effect4, error }) {
    const path = value || key;
    if (!path) throw error("KeyOrValueRequired");
    const prop = mods.has("prop") ? camel([...mods.get("prop")][0] ?? "") : void 0;
    if (prop === "") throw error("BindPropNameMissing");
    if (prop === void 0 && el instanceof HTMLInputElement && el.type === "file")
      return bindFile(el, path);
    const adapter = adapterFor(el, path, prop);
    const own3 = () => shared(el) && Array.isArray(raw(getPath(path))) ? `${path}.${place2(el, attribute2)}` : path;
    const first = adapter.first();
    if (first !== void 0 && typedEarly(el))
      untracked(() => setPath(own3(), adapter.read(getPath(own3()))));
    if (!hasPath(untracked(own3))) {
      if (first !== void 0) mergePaths([[path, first]], { ifMissing: true });
      const item = untracked(own3);
      if (item !== path && first !== void 0) setPath(item, first);
    }
    const stop = effect4(() => adapter.write(getPath(own3()) ?? ""));
    const changed4 = (event) => {
      const at = untracked(own3);
      if (event.isTrusted) noteEdit(path);
      batch(() => setPath(at, adapter.read(untracked(() => getPath(at)))));
    };
    const events = [
      ...mods.has("event") ? mods.get("event") : adapter.events,
      "datastar-prop-change"
    ];
    for (const event of events) el.addEventListener(event, changed4);
    return () => {
      stop();
      for (const event of events) el.removeEventListener(event, changed4);
    };
  }
};

// src/attributes/class.ts
var classes = {
  name: "class",
  requirement: { value: "must" },
  returnsValue: true,
  apply({ el, key, rx, effect: effect4 }) {
    const ours = /* @__PURE__ */ new Set();
    const stop = effect4(() => {
      const value = rx();
      for (const [names, on2] of Object.entries(
        key === void 0 ? Object(value) : { [key]: value }
      )) {
        for (const name of names.split(/\s+/).filter(Boolean)) {
          ours.add(name);
          el.classList.toggle(name, !!on2);
        }
      }
    });
    return () => {
      stop();
      el.classList.remove(...ours);
    };
  }
};

// src/attributes/computed.ts
var computed3 = {
  name: "computed",
  requirement: { value: "must" },
  returnsValue: true,
  apply({ key, rx, error }) {
    if (key !== void 0) {
      definePath(key, rx);
      return;
    }
    const define = (tree, prefix) => {
      if (!isPlain(tree)) throw error("ComputedExpectedFunction", prefix.slice(0, -1));
      for (const [name, read2] of Object.entries(tree)) {
        if (typeof read2 === "function") definePath(prefix + name, read2);
        else define(read2, `${prefix}${name}.`);
      }
    };
    define(rx(), "");
  }
};

// src/attributes/effect.ts
var effectAttribute = {
  name: "effect",
  requirement: { key: "denied", value: "must" },
  apply: ({ rx, effect: effect4 }) => effect4(() => rx())
};

// src/attributes/hold.ts
var hold2 = {
  name: "hold",
  literal: true,
  apply: () => hold()
};

// src/attributes/indicator.ts
var indicator = {
  name: "indicator",
  requirement: "exclusive",
  literal: true,
  apply({ el, key, value }) {
    const path = key ?? value;
    let count2 = 0;
    const counted = (step, event) => {
      const { type: type2, el: owner } = event.detail;
      if (owner !== el || step > 0 && type2 !== "started") return;
      count2 = Math.max(0, count2 + step);
      setPath(path, count2 > 0);
    };
    const begun2 = (event) => counted(1, event);
    const over = (event) => counted(-1, event);
    setPath(path, false);
    document.addEventListener("datastar-fetch", begun2);
    document.addEventListener("helio-settled", over);
    return () => {
      document.removeEventListener("datastar-fetch", begun2);
      document.removeEventListener("helio-settled", over);
      setPath(path, false);
    };
  }
};

// src/engine/timing.ts
function timed(run4, mods) {
  const cancels = [];
  const wrap = (make2, mod) => {
    const args = mods.get(mod);
    if (!args) return;
    const [wrapped, cancel] = make2(result, duration(args, 0), args);
    cancels.push(cancel);
    result = wrapped;
  };
  let result = run4;
  wrap(delay, "delay");
  wrap(debounce, "debounce");
  wrap(throttle, "throttle");
  if (mods.has("viewtransition")) {
    const inner = result;
    result = (...args) => void transition(() => inner(...args));
  }
  return [result, () => cancels.forEach((cancel) => cancel())];
}
function delay(run4, wait) {
  const timers = /* @__PURE__ */ new Set();
  return [
    (...args) => {
      const timer4 = setTimeout(() => {
        timers.delete(timer4);
        run4(...args);
      }, wait);
      timers.add(timer4);
    },
    () => timers.forEach(clearTimeout)
  ];
}
function debounce(run4, wait, args) {
  let timer4;
  return [
    (...values2) => {
      const first = timer4 === void 0;
      clearTimeout(timer4);
      if (first && args.has("leading")) {
        run4(...values2);
        timer4 = setTimeout(() => timer4 = void 0, wait);
        return;
      }
      timer4 = setTimeout(() => {
        timer4 = void 0;
        if (!args.has("notrailing")) run4(...values2);
      }, wait);
    },
    () => clearTimeout(timer4)
  ];
}
function throttle(run4, wait, args) {
  let timer4;
  let last;
  const open2 = () => {
    timer4 = void 0;
    if (!last) return;
    const values2 = last;
    last = void 0;
    timer4 = setTimeout(open2, wait);
    run4(...values2);
  };
  return [
    (...values2) => {
      if (timer4 !== void 0 || args.has("noleading"))
        last = args.has("trailing") || args.has("noleading") ? values2 : void 0;
      if (timer4 !== void 0) return;
      timer4 = setTimeout(open2, wait);
      if (!args.has("noleading")) run4(...values2);
    },
    () => clearTimeout(timer4)
  ];
}
function transition(update, scope) {
  const element2 = scope ? document.querySelector(scope) : null;
  const host = element2?.startViewTransition ? element2 : document;
  if (!host.startViewTransition || matchMedia("(prefers-reduced-motion: reduce)").matches)
    return update();
  const { ready, updateCallbackDone } = host.startViewTransition(update);
  ready.catch(() => {
  });
  return updateCallbackDone;
}

// src/attributes/init.ts
var init = {
  name: "init",
  requirement: { key: "denied", value: "must" },
  apply({ rx, mods }) {
    let cleanup;
    const [run4, cancel] = timed(() => cleanup = batch(rx), mods);
    run4();
    return () => {
      cancel();
      if (typeof cleanup === "function") cleanup();
    };
  }
};

// src/attributes/json-signals.ts
var jsonSignals = {
  name: "json-signals",
  requirement: { key: "denied" },
  returnsValue: true,
  apply({ el, attribute: attribute2, value, mods, rx, effect: effect4 }) {
    const filter = value ? rx() : {};
    ownContent(el, attribute2);
    return effect4(() => {
      el.textContent = JSON.stringify(filtered(filter), null, mods.has("terse") ? 0 : 2);
    });
  }
};

// src/attributes/on-interval.ts
var onInterval = {
  name: "on-interval",
  requirement: { key: "denied", value: "must" },
  apply({ mods, rx }) {
    const [run4, cancel] = timed(() => batch(rx), mods);
    const args = mods.get("duration");
    if (args?.has("leading")) run4();
    const timer4 = setInterval(run4, duration(args, 1e3));
    return () => {
      clearInterval(timer4);
      cancel();
    };
  }
};

// src/attributes/on-intersect.ts
var onIntersect = {
  name: "on-intersect",
  requirement: { key: "denied", value: "must" },
  apply({ el, mods, rx }) {
    const [run4, cancel] = timed(() => batch(rx), mods);
    const percent = Number([...mods.get("threshold") ?? []][0]);
    const threshold = mods.has("full") ? 1 : mods.has("half") ? 0.5 : Number.isFinite(percent) ? Math.min(100, percent) / 100 : 0;
    let inside = false;
    const observer2 = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, intersectionRatio } of entries) {
          const now = isIntersecting && intersectionRatio >= threshold;
          if (now === inside) continue;
          inside = now;
          if (now === mods.has("exit")) continue;
          run4();
          if (mods.has("once")) observer2.disconnect();
        }
      },
      { threshold }
    );
    observer2.observe(el);
    return () => {
      observer2.disconnect();
      cancel();
    };
  }
};

// src/attributes/on-signal-patch.ts
var onSignalPatch = {
  name: "on-signal-patch",
  requirement: { key: "denied", value: "must" },
  argNames: ["patch"],
  apply({ el, mods, rx }) {
    const text4 = el.getAttribute("data-on-signal-patch-filter");
    const filter = text4 ? compiled({ text: text4, returns: true, args: [] })(el, root, void 0) : {};
    let running2 = false;
    const [run4, cancel] = timed((patch2) => {
      running2 = true;
      try {
        batch(() => rx(patch2));
      } finally {
        running2 = false;
      }
    }, mods);
    const heard2 = (event) => {
      if (running2) return;
      const patch2 = filtered(filter, event.detail);
      if (Object.keys(patch2).length) run4(patch2);
    };
    tell();
    document.addEventListener("datastar-signal-patch", heard2);
    return () => {
      document.removeEventListener("datastar-signal-patch", heard2);
      cancel();
    };
  }
};

// src/attributes/on.ts
var ON_DOCUMENT = /^(visibilitychange|selectionchange|fullscreenchange|datastar-(fetch|signal-patch|ready))$/;
var ON_WINDOW = /^(popstate|hashchange|online|offline|storage|message|beforeunload|pagehide|pageshow|resize)$/;
var KEYS = {
  esc: "escape",
  space: " ",
  up: "arrowup",
  down: "arrowdown",
  left: "arrowleft",
  right: "arrowright",
  plus: "+"
};
function isKey(event, spec) {
  if (!(event instanceof KeyboardEvent)) return true;
  if (event.isComposing) return false;
  const names = spec.toLowerCase().split("-");
  const key = names.pop();
  const held = (name, down) => names.includes(name) === down;
  const shift = names.includes("shift") ? event.shiftKey : true;
  return event.key.toLowerCase() === (KEYS[key] ?? key) && held("ctrl", event.ctrlKey) && held("alt", event.altKey) && held("meta", event.metaKey) && shift;
}
function targetOf2(el, event, has) {
  if (has("window")) return window;
  if (has("document") || has("outside")) return document;
  if (ON_DOCUMENT.test(event) && !(event === "selectionchange" && /^(input|textarea)$/.test(el.localName)))
    return document;
  return ON_WINDOW.test(event) ? window : el;
}
var on = {
  name: "on",
  requirement: { key: "must" },
  argNames: ["evt"],
  apply({ el, key, value, mods, rx, error }) {
    const has = (mod) => mods.has(mod);
    const event = key;
    if (!value && !has("prevent") && !has("stop")) throw error("ValueRequired");
    const target = targetOf2(el, event, has);
    const keys = [
      ...mods.get("prevent") ?? [],
      ...mods.get("stop") ?? [],
      ...mods.get("key") ?? []
    ];
    const [run4, cancel] = timed((evt) => batch(() => rx(evt)), mods);
    const options = { passive: has("passive"), capture: has("capture") };
    const listener = (evt) => {
      if (has("outside") && evt.composedPath().includes(el)) return;
      if (keys.length && !keys.some((spec) => isKey(evt, spec))) return;
      if (has("prevent") || event === "submit" && el instanceof HTMLFormElement)
        evt.preventDefault();
      if (has("stop")) evt.stopPropagation();
      if (has("once")) target.removeEventListener(event, listener, options);
      if (value) run4(evt);
    };
    target.addEventListener(event, listener, options);
    return () => {
      target.removeEventListener(event, listener, options);
      cancel();
    };
  }
};

// src/attributes/presence.ts
var presence = {
  name: "presence",
  requirement: { key: "denied", value: "must" },
  literal: true,
  apply({ el, value }) {
    const [name = "", token = ""] = value.split(" ");
    return enter(el, name, token);
  }
};
var presenceWhile = {
  name: "presence-while",
  requirement: { key: "denied", value: "must" },
  literal: true,
  apply({ el, value }) {
    const [, name = "", field = "", wait] = /^(.*)\.(\w+) (\d+)$/.exec(value) ?? [];
    let timer4;
    const end2 = () => {
      clearTimeout(timer4);
      say(name, field, false);
    };
    const written2 = () => {
      clearTimeout(timer4);
      timer4 = setTimeout(end2, Number(wait));
      say(name, field, true);
    };
    el.addEventListener("input", written2);
    return () => {
      el.removeEventListener("input", written2);
      end2();
    };
  }
};

// src/attributes/ref.ts
var ref = {
  name: "ref",
  requirement: "exclusive",
  literal: true,
  apply({ el, key, value }) {
    const path = key ?? value;
    setPath(path, el);
    return () => {
      if (getPath(path) === el) mergePaths([[path, null]], { nulls: false });
    };
  }
};

// src/attributes/show.ts
var show = {
  name: "show",
  requirement: { key: "denied", value: "must" },
  returnsValue: true,
  apply({ el, rx, effect: effect4 }) {
    const stop = effect4(() => {
      if (!rx()) el.style.setProperty("display", "none");
      else if (el.style.display === "none") el.style.removeProperty("display");
    });
    return () => {
      stop();
      if (el.style.display === "none") el.style.removeProperty("display");
    };
  }
};

// src/attributes/signals.ts
var signals = {
  name: "signals",
  returnsValue: true,
  apply({ key, value, mods, rx }) {
    const ifMissing = mods.has("ifmissing");
    const declared = value ? rx() : "";
    if (key !== void 0) mergePaths([[key, declared]], { ifMissing });
    else if (declared) mergePatch(declared, { ifMissing, nulls: true });
  }
};

// src/attributes/style.ts
var style = {
  name: "style",
  requirement: { value: "must" },
  returnsValue: true,
  apply({ el, rawKey, rx, effect: effect4 }) {
    const initial = /* @__PURE__ */ new Map();
    const restore2 = (name) => el.style.setProperty(name, ...initial.get(name) ?? ["", ""]);
    const write3 = (name, value) => {
      if (!initial.has(name))
        initial.set(name, [el.style.getPropertyValue(name), el.style.getPropertyPriority(name)]);
      if (!value && value !== 0) restore2(name);
      else {
        const [, words = "", important] = /^(.*?)\s*(!important)?$/s.exec(String(value)) ?? [];
        el.style.setProperty(name, words, important ? "important" : "");
      }
    };
    const stop = effect4(() => {
      const value = rx();
      if (rawKey !== void 0) write3(rawKey, value);
      else
        for (const [name, one] of Object.entries(Object(value)))
          write3(name.startsWith("--") ? name : kebab(name), one);
    });
    return () => {
      stop();
      for (const name of initial.keys()) restore2(name);
    };
  }
};

// src/attributes/text.ts
var text = {
  name: "text",
  requirement: { key: "denied", value: "must" },
  returnsValue: true,
  apply({ el, attribute: attribute2, rx, effect: effect4 }) {
    ownContent(el, attribute2);
    return effect4(() => {
      const value = `${rx()}`;
      if (el.textContent !== value) el.textContent = value;
    });
  }
};

// src/net/leaving.ts
var ANSWER = 1e3;
var WAY = 5e3;
var PAUSE2 = 50;
var left = -Infinity;
function leave2(target, replace) {
  if (!target.hash || target.href.split("#")[0] !== location.href.split("#")[0])
    left = performance.now();
  if (replace) location.replace(target);
  else location.assign(target);
}
var opener = () => document.getElementById("helio-page");
function reloadPage() {
  const page = opener();
  const told3 = performance.now();
  const check2 = () => {
    if (opener() !== page) return;
    const now = performance.now();
    const unanswered = now - told3 < ANSWER && document.querySelector("[data-pending]");
    if (unanswered || now - left < WAY) setTimeout(check2, PAUSE2);
    else location.reload();
  };
  check2();
}

// src/watchers/effects.ts
function effect3(name, run4) {
  return {
    name: `helio-${name}`,
    apply(_, { detail = "{}" }) {
      run4(JSON.parse(detail));
    }
  };
}
var text2 = (value) => typeof value === "string" ? value : fail("InvalidEffect", JSON.stringify(value));
var effects = [
  effect3("navigate", ({ url: url2, mode = "push", when }) => {
    if (mode === "reload") return when === "idle" ? whenIdle(reloadPage) : reloadPage();
    leave2(webUrl(text2(url2)), mode === "replace");
  }),
  effect3("title", ({ title }) => {
    document.title = text2(title);
  }),
  effect3("focus", ({ selector }) => {
    document.querySelector(text2(selector))?.focus();
  }),
  effect3("dispatch", ({ name, detail, selector }) => {
    const targets = selector === void 0 ? [document] : document.querySelectorAll(text2(selector));
    for (const target of targets)
      target.dispatchEvent(new CustomEvent(text2(name), { detail, bubbles: true }));
  }),
  effect3("reconnect", reopen),
  effect3("toast", ({ text: words, tone, id }) => {
    toast({ text: text2(words), tone, id });
  }),
  { name: "helio-ack", apply: (_, { ack = "" }) => acknowledge(ack) }
];

// src/watchers/execute-script.ts
var executeScript = {
  name: "datastar-execute-script",
  apply(_, { script: script2 = "", scriptAttributes, attributes: attributes2 = scriptAttributes ?? "", autoRemove }) {
    const el = document.createElement("script");
    if (attributes2[0] === "{") {
      for (const [name, value] of Object.entries(JSON.parse(attributes2)))
        el.setAttribute(name, String(value));
    } else {
      for (const line of attributes2.split("\n")) {
        const [name, ...value] = line.split(" ");
        if (name) el.setAttribute(name, value.join(" "));
      }
    }
    el.textContent = script2;
    document.head.append(el);
    if (autoRemove !== "false") el.remove();
  }
};

// src/morph/attributes.ts
function morphAttributes(old, next) {
  const changed4 = servedOf(old);
  const kept = next.getAttribute("data-preserve-attr")?.split(/\s+/);
  const free = (name) => !kept?.includes(name);
  for (const { name, value, namespaceURI } of attributesOf(next)) {
    if (!free(name)) continue;
    if (changed4?.has(name)) merge(old, name, value, changed4);
    else if (old.getAttribute(name) !== value) {
      if (namespaceURI) old.setAttributeNS(namespaceURI, name, value);
      else write2(old, name, value);
    }
  }
  if (attributesOf(old).length !== attributesOf(next).length || changed4) {
    for (const { name } of [...attributesOf(old)]) {
      if (next.hasAttribute(name) || !free(name)) continue;
      if (changed4?.has(name)) merge(old, name, null, changed4);
      else remove2(old, name);
    }
    changed4?.forEach((_, name) => {
      if (!next.hasAttribute(name) && !old.hasAttribute(name)) changed4.set(name, null);
    });
  }
}
function write2(el, name, value) {
  try {
    el.setAttribute(name, value);
  } catch {
    const copy2 = document.createElement("template");
    copy2.innerHTML = `<i ${name}></i>`;
    const node2 = copy2.content.firstElementChild?.getAttributeNode(name)?.cloneNode();
    if (node2) {
      node2.value = value;
      el.setAttributeNode(node2);
    }
  }
}
function remove2(el, name) {
  if (name === "open" && el instanceof HTMLDialogElement) el.close();
  el.removeAttribute(name);
}
function merge(el, name, value, served2) {
  const last = served2.get(name) ?? null;
  if (value === last) return;
  const present = el.getAttribute(name);
  if (name === "class" && present !== null) {
    const merged = mergeTokens(last, value, present);
    if (merged !== present) el.setAttribute(name, merged);
  } else if (name === "style" && present !== null) {
    mergeStyle(el, last, value);
  } else if (value === null) remove2(el, name);
  else if (value !== present) write2(el, name, value);
  served2.set(name, value);
}
var tokens = (text4) => text4?.split(/\s+/).filter(Boolean) ?? [];
function mergeTokens(last, next, present) {
  const before = new Set(tokens(last));
  const now = tokens(present);
  const removed = [...before].filter((token) => !now.includes(token));
  const wanted = tokens(next).filter((token) => !removed.includes(token));
  return [.../* @__PURE__ */ new Set([...wanted, ...now.filter((token) => !before.has(token))])].join(" ");
}
function mergeStyle(el, last, next) {
  const declared = (text4) => {
    const probe = document.createElement("i").style;
    probe.cssText = text4 ?? "";
    return probe;
  };
  const before = declared(last);
  const after = declared(next);
  for (const name of /* @__PURE__ */ new Set([...before, ...after])) {
    const was = before.getPropertyValue(name);
    const value = after.getPropertyValue(name);
    if (value !== was && el.style.getPropertyValue(name) === was) {
      el.style.setProperty(name, value, after.getPropertyPriority(name));
    }
  }
}

// src/morph/fields.ts
function said(el) {
  if (el instanceof HTMLTextAreaElement) return el.defaultValue;
  if (el instanceof HTMLOptionElement) return String(el.defaultSelected);
  return lastServed(el, "value");
}
var isBound = (el) => !!el?.getAttributeNames().some((name) => name.startsWith("data-bind"));
var changedEvent = () => new Event("datastar-prop-change", { bubbles: true });
function type(el, value) {
  if (el.value === value) return;
  const focused = document.activeElement === el;
  let start2 = null;
  let end2 = null;
  if (focused) {
    try {
      start2 = el.selectionStart;
      end2 = el.selectionEnd;
    } catch {
    }
  }
  el.value = value;
  if (focused && start2 !== null) el.setSelectionRange(start2, end2);
}
var isField = (el) => /^(INPUT|TEXTAREA|SELECT|OPTION)$/.test(el.tagName);
function morphField(old, next) {
  if (!isField(old)) return void 0;
  const value = said(next);
  const repeated = said(old) === value;
  if (old instanceof HTMLTextAreaElement) return text3(old, value, repeated);
  if (old instanceof HTMLSelectElement) return select2(old);
  if (old instanceof HTMLOptionElement) return option(old, value === "true", repeated);
  const type2 = old.type;
  if (/^(checkbox|radio)$/.test(type2)) return box(old, next);
  if (/^(submit|button|reset|hidden|image|file)$/.test(type2)) return void 0;
  return text3(old, value, repeated);
}
function text3(old, value, repeated) {
  if (repeated) return void 0;
  const kept = !value && isBound(old) ? old.value : void 0;
  return () => {
    if (old instanceof HTMLTextAreaElement) old.defaultValue = value ?? "";
    type(old, kept ?? value ?? "");
    if (kept === void 0) old.dispatchEvent(changedEvent());
  };
}
function box(old, next) {
  const checked = next.hasAttribute("checked");
  if (lastServed(old, "checked") !== null === checked) return void 0;
  const kept = !checked && isBound(old) ? old.checked : void 0;
  return () => {
    old.checked = kept ?? checked;
    if (kept === void 0) old.dispatchEvent(changedEvent());
  };
}
function option(old, on2, repeated) {
  if (repeated || !on2 && isBound(old.closest("select"))) return void 0;
  return () => {
    old.selected = on2;
    old.dispatchEvent(changedEvent());
  };
}
function select2(old) {
  const chosen = [...old.selectedOptions].map((option2) => option2.value);
  const server = () => [...old.options].map((option2) => option2.defaultSelected ? option2.value : "").join("\n");
  const before = server();
  return () => {
    const now = server();
    if (now !== before && (now.trim() || !isBound(old))) return;
    for (const option2 of old.options) {
      const wanted = chosen.includes(option2.value);
      if (option2.selected !== wanted && (old.multiple || wanted)) option2.selected = wanted;
    }
  };
}

// src/morph/match.ts
var WINDOW = 8;
function keyOf2(node2) {
  if (node2.nodeType !== Node.ELEMENT_NODE) return void 0;
  const el = node2;
  const id = idOf(el);
  if (id) return `#${id}`;
  const get = (name) => el.getAttribute(name);
  const key = get("data-key") ?? get("data-part") ?? get("data-region") ?? get("data-slot");
  if (key !== null) return `=${key}`;
  switch (el.localName) {
    case "input":
    case "select":
    case "textarea": {
      const name = get("name") ?? get("data-bind");
      return name === null ? void 0 : name + (/^(radio|checkbox)$/.test(get("type") ?? "") ? `=${get("value")}` : "");
    }
    case "meta":
      return get("name") ?? get("property") ?? get("http-equiv") ?? void 0;
    case "link":
      return `${get("rel")} ${get("href")}`;
    case "script":
      return get("src") ?? void 0;
    default:
      return void 0;
  }
}
function identity(node2, ids) {
  const key = keyOf2(node2);
  if (key !== void 0 || !ids.size || node2.nodeType !== Node.ELEMENT_NODE) return key;
  const found = node2.querySelector("[id]");
  const inner = found && idOf(found);
  return inner && ids.has(inner) ? `>${inner}` : void 0;
}
var kindOf2 = (node2) => node2.nodeName + (node2 instanceof HTMLInputElement ? node2.getAttribute("type") ?? "" : "");
var sameKind = (old, next) => kindOf2(old) === kindOf2(next) && old.namespaceURI === next.namespaceURI;
function gains(next, ids) {
  const key = keyOf2(next);
  return key === void 0 || key[0] === "#" && !ids.has(key.slice(1));
}
function pair(olds, news, ids) {
  const partners = new Array(news.length);
  const stays = new Array(news.length).fill(false);
  const sameLength = olds.length === news.length;
  const certain = (old, next) => {
    if (!sameKind(old, next)) return false;
    const name = identity(next, ids);
    if (name !== identity(old, ids)) return false;
    return name !== void 0 || sameLength || old.isEqualNode(next);
  };
  const fix = (old, next) => {
    partners[next] = olds[old];
    stays[next] = true;
  };
  let start2 = 0;
  let oldEnd = olds.length;
  let newEnd = news.length;
  while (start2 < oldEnd && start2 < newEnd && certain(olds[start2], news[start2]))
    fix(start2, start2++);
  while (oldEnd > start2 && newEnd > start2 && certain(olds[oldEnd - 1], news[newEnd - 1]))
    fix(--oldEnd, --newEnd);
  if (start2 === oldEnd) return { partners, stays, left: [] };
  const rest = olds.slice(start2, oldEnd);
  const taken = /* @__PURE__ */ new Set();
  if (start2 < newEnd) {
    byIdentity(rest, news, start2, newEnd, ids, partners, taken);
    inOrder(rest, news, start2, newEnd, ids, partners, taken);
    rising(rest, partners, stays, start2, newEnd);
  }
  return { partners, stays, left: rest.filter((node2) => !taken.has(node2)) };
}
function byIdentity(rest, news, start2, end2, ids, partners, taken) {
  const named2 = /* @__PURE__ */ new Map();
  for (const node2 of rest) {
    const name = identity(node2, ids);
    if (name === void 0) continue;
    const same = named2.get(kindOf2(node2) + name);
    if (same) same.push(node2);
    else named2.set(kindOf2(node2) + name, [node2]);
  }
  for (let at = start2; named2.size && at < end2; at++) {
    const name = identity(news[at], ids);
    const partner = name === void 0 ? void 0 : named2.get(kindOf2(news[at]) + name)?.shift();
    if (!partner) continue;
    partners[at] = partner;
    taken.add(partner);
  }
}
function inOrder(rest, news, start2, end2, ids, partners, taken) {
  const pools = /* @__PURE__ */ new Map();
  for (const node2 of rest) {
    if (taken.has(node2) || keyOf2(node2) !== void 0) continue;
    const pool = pools.get(kindOf2(node2));
    if (pool) pool.push(node2);
    else pools.set(kindOf2(node2), [node2]);
  }
  const positions2 = /* @__PURE__ */ new Map();
  for (let at = start2; at < end2; at++) {
    const next = news[at];
    const pool = partners[at] ? void 0 : pools.get(kindOf2(next));
    if (!pool || !gains(next, ids)) continue;
    const from = positions2.get(kindOf2(next)) ?? 0;
    const found = nearby(pool, from, next, news, at, end2);
    if (found < 0) continue;
    positions2.set(kindOf2(next), found + 1);
    partners[at] = pool[found];
    taken.add(pool[found]);
  }
}
function nearby(pool, from, next, news, at, end2) {
  if (from >= pool.length) return -1;
  if (next.nodeType !== Node.ELEMENT_NODE) return from;
  const last = Math.min(pool.length, from + WINDOW);
  for (let here = from; here < last; here++) if (pool[here].isEqualNode(next)) return here;
  return soon(pool[from], news, at, end2) ? -1 : from;
}
function soon(old, news, at, end2) {
  for (let ahead = at + 1; ahead < Math.min(end2, at + 1 + WINDOW); ahead++) {
    if (old.isEqualNode(news[ahead])) return true;
  }
  return false;
}
function rising(rest, partners, stays, start2, end2) {
  const position = new Map(rest.map((node2, index) => [node2, index]));
  const tails = [];
  const before = [];
  const place3 = (at) => position.get(partners[at]);
  for (let at = start2; at < end2; at++) {
    if (!partners[at]) continue;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = low + high >> 1;
      if (place3(tails[middle]) < place3(at)) low = middle + 1;
      else high = middle;
    }
    before[at] = low ? tails[low - 1] : -1;
    tails[low] = at;
  }
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at]) stays[at] = true;
}
function servedChildren(parent) {
  const all = [...parent.childNodes];
  const outer = parent === document.head || parent === document.body;
  return outer || hasMounts() || hasLeavers() ? all.filter((node2) => !isMount(node2) && !isLeaving(node2) && !(outer && isForeign(node2))) : all;
}
function commonIds(olds, next) {
  const common = /* @__PURE__ */ new Map();
  const theirs = olds.length ? idsIn(next) : common;
  if (!theirs.size) return common;
  for (const node2 of olds) {
    if (node2.nodeType !== Node.ELEMENT_NODE) continue;
    for (const [id, el] of idsIn(node2)) {
      const other = theirs.get(id);
      if (el && other && other.nodeName === el.nodeName) common.set(id, el);
    }
  }
  return common;
}
function idsIn(top) {
  const found = /* @__PURE__ */ new Map();
  const note = (el) => void found.set(idOf(el), found.has(idOf(el)) ? void 0 : el);
  if (top instanceof Element && idOf(top)) note(top);
  for (const el of top.querySelectorAll("[id]")) if (!hasMounts() || !isMountedIn(top, el)) note(el);
  return found;
}

// src/morph/morph.ts
function children(parent, olds, news, end2, run4) {
  const { partners, stays, left: left2 } = pair(olds, news, run4.ids);
  run4.doomed.push(...left2);
  while (end2 && isLeaving(end2)) end2 = end2.nextSibling;
  const anchors = new Array(news.length);
  let anchor = end2;
  for (let at = news.length - 1; at >= 0; at--) {
    anchors[at] = anchor;
    if (stays[at]) anchor = partners[at];
  }
  news.forEach((next, at) => {
    const partner = partners[at] ?? elsewhere(parent, next, run4);
    if (!partner) insert(parent, next, anchors[at], run4);
    else {
      if (run4.ids.size) run4.placed.add(partner);
      stay(partner);
      if (!stays[at]) move(parent, partner, anchors[at]);
      node(partner, next, run4);
    }
  });
}
function elsewhere(parent, next, run4) {
  const el = next instanceof Element ? run4.ids.get(idOf(next)) ?? leaverFor(next, parent) : void 0;
  return el && !run4.placed.has(el) && !el.contains(parent) ? el : void 0;
}
function insert(parent, next, before, run4) {
  if (!(next instanceof Element)) {
    parent.insertBefore(next, before);
    return;
  }
  if (next.localName !== "template") {
    const awaited2 = run4.ids.size > 0 && [...next.querySelectorAll("[id]")].some((el) => {
      const old = run4.ids.get(idOf(el));
      return old && !run4.placed.has(old);
    });
    if (awaited2 || brings(next, parent)) {
      const shell = document.importNode(next, false);
      parent.insertBefore(shell, before);
      run4.fresh.push(shell);
      children(shell, [], [...next.childNodes], null, run4);
      return;
    }
  }
  const fresh2 = runnable(next);
  parent.insertBefore(fresh2, before);
  run4.fresh.push(fresh2);
}
function runnable(el) {
  if (el.localName === "script") return script(el);
  for (const inner of el.querySelectorAll("script")) inner.replaceWith(script(inner));
  return el;
}
function script(old) {
  const copy2 = document.createElement("script");
  for (const { name, value } of old.attributes) copy2.setAttribute(name, value);
  copy2.textContent = old.textContent;
  return copy2;
}
function node(old, next, run4) {
  if (old instanceof Element) element(old, next, run4);
  else if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
}
function element(old, next, run4) {
  if (old.isEqualNode(next)) {
    forgetServed(old);
    return;
  }
  if (old.hasAttribute("data-ignore-morph") && next.hasAttribute("data-ignore-morph")) return;
  if (old.localName === "script") {
    old.replaceWith(runnable(next));
    return;
  }
  const after = morphField(old, next);
  morphAttributes(old, next);
  if (old instanceof HTMLTemplateElement) {
    if (old.innerHTML !== next.innerHTML)
      old.content.replaceChildren(next.content);
  } else if (!contentIsOwned(old, next) && old.localName !== "textarea" && !isEdited(old)) {
    children(old, servedChildren(old), [...next.childNodes], endOf(old), run4);
  }
  after?.();
}
var isEdited = (el) => el.isContentEditable && el.contains(document.activeElement);
function morph(olds, next, work) {
  const run4 = { ids: commonIds(olds, next), placed: /* @__PURE__ */ new Set(), doomed: [], fresh: [] };
  const restore2 = keepFocus();
  work(run4);
  for (const node2 of run4.doomed)
    if (!run4.placed.has(node2) && !keepLeaver(node2)) discard(node2);
  restore2();
  for (const el of run4.fresh) {
    const eager = el.matches("[autofocus]") ? el : el.querySelector("[autofocus]");
    if (eager) eager.focus();
  }
}
function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}
function morphOuter(old, next) {
  const nodes2 = [...next.childNodes];
  const only = next.children.length === 1 ? next.children[0] : void 0;
  morph([old], next, (run4) => {
    if (only && only.nodeName === old.nodeName && only.namespaceURI === old.namespaceURI)
      element(old, only, run4);
    else children(old.parentNode, [old], nodes2, old.nextSibling, run4);
  });
}
function morphInner(old, next) {
  morph([old], next, (run4) => {
    if (!isEdited(old)) children(old, servedChildren(old), [...next.childNodes], endOf(old), run4);
  });
}
function morphInsert(parent, next, before) {
  morph([], next, (run4) => children(parent, [], [...next.childNodes], before, run4));
}
function morphDocument(next) {
  const { documentElement, head, body } = document;
  morph([documentElement], next, (run4) => {
    morphAttributes(documentElement, next.documentElement);
    element(head, next.head, run4);
    element(body, next.body, run4);
  });
}

// src/pages/page.ts
var openerOf = (top) => top.getElementById("helio-page");
function nodesOf(opener2) {
  const nodes2 = [];
  for (let node2 = opener2; node2; node2 = node2.nextSibling) {
    nodes2.push(node2);
    if (node2 instanceof Element && node2.hasAttribute("data-region")) return nodes2;
  }
  return void 0;
}
function swap(next, leaving2 = () => {
}) {
  const [here, there] = [openerOf(document), openerOf(next)];
  const old = here && nodesOf(here);
  const nodes2 = there && nodesOf(there);
  if (!old || !nodes2 || here.dataset.layout !== there.dataset.layout) return false;
  leaving2();
  change(() => {
    old.forEach(dropMountsIn);
    releaseFocus();
    for (const node2 of nodes2) document.adoptNode(node2);
    const ready = nodes2.map((node2) => node2 instanceof Element ? runnable(node2) : node2);
    here.before(...ready);
    for (const node2 of old) node2.remove();
    for (const node2 of ready) if (node2 instanceof Element) focusIn(node2);
  });
  ensureOpen();
  return true;
}
function focusIn(top) {
  const eager = top.matches("[autofocus]") ? top : top.querySelector("[autofocus]");
  eager?.focus({ preventScroll: true });
}

// src/pages/history.ts
var positions = /* @__PURE__ */ new Map();
var address = () => location.pathname + location.search;
var shown3 = address();
var controller2;
var begun = false;
var idOf2 = (state) => state?.helio;
function mark() {
  const state = history.state;
  if (idOf2(state)) return;
  history.replaceState({ ...typeof state === "object" && state, helio: randomId() }, "");
}
function remember2() {
  const id = idOf2(history.state);
  if (id && address() === shown3) positions.set(id, [scrollX, scrollY]);
}
function begin() {
  mark();
  remember2();
  if (begun) return;
  begun = true;
  history.scrollRestoration = "manual";
  addEventListener("scroll", remember2, { passive: true });
  addEventListener("popstate", ({ state }) => void arrive(idOf2(state)));
  addEventListener("pagehide", () => history.scrollRestoration = "auto");
  addEventListener("pageshow", () => history.scrollRestoration = "manual");
}
function visit(target, title, page) {
  const leaving2 = () => {
    begin();
    controller2?.abort();
    if (target.href !== location.href) history.pushState({ helio: randomId() }, "", target);
    shown3 = address();
  };
  if (!swap(page, leaving2)) return false;
  if (title) document.title = title;
  scroll();
  return true;
}
async function arrive(id) {
  controller2?.abort();
  if (address() === shown3) {
    if (id) scroll(id);
    else mark();
    return;
  }
  const { signal: signal2 } = controller2 = new AbortController();
  try {
    const response = await window.fetch(location.href, { headers: { Accept: "text/html" }, signal: signal2 });
    const text4 = response.ok && !response.redirected && await response.text();
    if (signal2.aborted) return;
    const next = text4 && new DOMParser().parseFromString(text4, "text/html");
    if (!next || !swap(next)) return location.reload();
    shown3 = address();
    document.title = next.title;
    mark();
    scroll(id);
  } catch {
    if (!signal2.aborted) location.reload();
  }
}
function scroll(id) {
  const position = id && positions.get(id);
  const aim = !position && location.hash && document.getElementById(fragment());
  if (aim) aim.scrollIntoView({ behavior: "instant" });
  else {
    const [left2, top] = position || [0, 0];
    scrollTo({ left: left2, top, behavior: "instant" });
  }
}
function fragment() {
  const text4 = location.hash.slice(1);
  try {
    return decodeURIComponent(text4);
  } catch {
    return text4;
  }
}
if (idOf2(history.state)) history.scrollRestoration = "auto";

// src/watchers/goto.ts
var goto = {
  name: "helio-goto",
  apply(_, { url: url2 = "", title, html = "" }) {
    const target = webUrl(url2);
    if (target.origin !== location.origin || !visit(target, title, parse(html)))
      location.assign(target);
  }
};

// src/watchers/mounts.ts
function mount(next, html, live2) {
  const { into, mode, key, grant } = next;
  let [wrapper] = wrappers(into, key);
  if (wrapper) mountOf(wrapper).grant = grant;
  else {
    if (mode === "inner") for (const { key: key2 } of taking(into)) drop(into, key2, !live2);
    wrapper = make(next);
  }
  morphInner(wrapper, parse(html));
}
var taking = (into) => wrappers(into).map((wrapper) => mountOf(wrapper)).filter(({ mode }) => mode === "inner");
var mounts = [
  {
    name: "helio-mount",
    frame({ into = "", key = "", html }) {
      const touched = () => wrappers(decodeURIComponent(into), key);
      return html !== void 0 && touched().length ? { key, html, touched, stands: () => touched().length > 0 } : void 0;
    },
    apply({ live: live2 = false }, { into = "", mode = "inner", key = "", grant = "", html }) {
      const next = { into: decodeURIComponent(into), mode, key, grant, told: live2 };
      if (html === void 0) expect(next);
      else change(() => mount(next, html, live2));
      if (!live2 || html === void 0) reopen();
    }
  },
  {
    name: "helio-unmount",
    apply({ live: live2 = false }, { into = "", key }) {
      change(() => drop(decodeURIComponent(into), key, !live2));
    }
  },
  {
    name: "helio-grant",
    apply(_, { key = "", grant = "" }) {
      renew(key, grant);
    }
  }
];

// src/watchers/patch-elements.ts
var REGION = /^\[data-region="([^"]*)"\]$/;
var MODES = /^(outer|inner|replace|prepend|append|before|after|remove)$/;
var DOCUMENT = /^(?:\s|<!--[^]*?-->)*(?:<!doctype[^>]*>)?(?:\s|<!--[^]*?-->)*<(html|head|body)[\s>]/i;
function parseIn(text4, namespace) {
  if (namespace === "html") return parse(text4);
  const tag = namespace === "svg" ? "svg" : "math";
  const content = new DocumentFragment();
  content.append(...parse(`<${tag}>${text4}</${tag}>`).firstElementChild.childNodes);
  return content;
}
function patchOne(target, mode, content) {
  if (target.parentElement?.closest("[data-ignore-morph]")) return;
  if (mode === "outer") morphOuter(target, content);
  else if (mode === "inner") morphInner(target, content);
  else {
    for (const el of content.children) {
      const ready = runnable(el);
      if (ready !== el) el.replaceWith(ready);
    }
    if (mode === "replace") {
      rescue(target);
      target.replaceWith(content);
    } else target[mode](content);
  }
}
function patchAll(targets, mode, content) {
  targets.forEach((target, at) => {
    const last = at === targets.length - 1;
    patchOne(target, mode, last ? content : content.cloneNode(true));
  });
}
function patchDocument(text4, which) {
  const next = new DOMParser().parseFromString(text4, "text/html");
  if (which === "html") morphDocument(next);
  else {
    const content = new DocumentFragment();
    content.append(which === "head" ? next.head : next.body);
    morphOuter(which === "head" ? document.head : document.body, content);
  }
}
var byId = (id) => id ? select(`#${CSS.escape(id)}`)[0] : void 0;
function patchById(content, mode) {
  for (const el of [...content.children]) {
    const id = idOf(el);
    const target = byId(id);
    if (!target) {
      report(
        {},
        problem(
          "PatchElementsNoTargetsFound",
          id ? `#${id}` : `<${el.localName}> without an id and without a selector`
        )
      );
      continue;
    }
    const one = new DocumentFragment();
    if (mode === "inner") one.append(...el.childNodes);
    else one.append(el);
    patchOne(target, mode, one);
  }
}
function patch(text4, selector, mode, namespace) {
  const whole = DOCUMENT.exec(text4)?.[1]?.toLowerCase();
  if (mode === "remove" && selector) {
    select(selector).forEach(discard);
  } else if (mode === "remove") {
    for (const el of parseIn(text4, namespace).children) {
      const target = byId(idOf(el));
      if (target) discard(target);
    }
  } else if (whole && !selector && mode === "outer") {
    patchDocument(text4, whole);
  } else if (selector) {
    const targets = select(selector);
    if (!targets.length && !REGION.test(selector)) fail("PatchElementsNoTargetsFound", selector);
    patchAll(targets, mode, parseIn(text4, namespace));
  } else if (mode === "outer" || mode === "inner" || mode === "replace") {
    patchById(parseIn(text4, namespace), mode);
  } else fail("PatchElementsExpectedSelector", mode);
}
var patchElements = {
  name: "datastar-patch-elements",
  // What a region does not have any more may come with another event of the batch.
  prepare({ elements: elements3 = "", selector = "" }) {
    if (!REGION.test(selector)) return;
    const names = namesIn(elements3);
    for (const root3 of select(selector)) announceMissing(root3, names);
  },
  frame({ elements: html = "", selector = "" }) {
    const [, key] = REGION.exec(selector) ?? [];
    return key === void 0 ? void 0 : { key, html, touched: () => select(selector) };
  },
  apply(_, args) {
    const { elements: elements3 = "", selector = "", mode = "outer", namespace = "html" } = args;
    if (!MODES.test(mode)) fail("PatchElementsInvalidMode", mode);
    if (!/^(html|svg|mathml)$/.test(namespace)) fail("PatchElementsInvalidNamespace", namespace);
    const update = () => change(() => patch(elements3, selector, mode, namespace));
    if (args.useViewTransition === "true" && !isTogether())
      return transition(update, args.viewTransitionSelector);
    update();
  }
};

// src/watchers/patch-signals.ts
function parse2(text4) {
  try {
    return JSON.parse(text4);
  } catch (cause) {
    try {
      return Function(`return (${text4}
)`)();
    } catch {
      return fail("PatchSignalsExpectedSignals", cause);
    }
  }
}
var patchSignals = {
  name: "datastar-patch-signals",
  apply({ except }, { signals: signals2 = "", onlyIfMissing }) {
    const patch2 = parse2(signals2);
    if (!isPlain(patch2)) fail("PatchSignalsExpectedSignals", signals2.slice(0, 80));
    mergePatch(patch2, { ifMissing: onlyIfMissing === "true", ...except ? { except } : {} });
  }
};

// src/watchers/steps.ts
function read(step, html) {
  const steps2 = step.split("\n").map((line) => {
    const [mode = "", target = ""] = line.split(" ");
    return { mode, target: decodeURIComponent(target), html: "" };
  });
  for (const line of html ? html.split("\n") : []) {
    const at = line.indexOf(" ");
    const own3 = steps2[+line.slice(0, at)];
    if (own3) own3.html += (own3.html && "\n") + line.slice(at + 1);
  }
  return steps2;
}
function find(root3, target) {
  if (!target) return root3;
  const name = CSS.escape(target.replace(/^[#@]/, ""));
  const kind = target[0] === "#" ? "id" : target[0] === "@" ? "data-region" : "data-part";
  for (const el of root3.querySelectorAll(`[${kind}=${name}]`))
    if (el.parentElement.closest("[data-region],helio-mount") === root3 && !isGone(el)) return el;
  return void 0;
}
var isIgnored = (el, root3) => el !== root3 && !!el.parentElement.closest("[data-ignore-morph]");
function run3(root3, steps2) {
  for (const { mode, target, html } of steps2) {
    const at = find(root3, target);
    if (!at && mode === "remove" && wasTaken(target, root3)) continue;
    if (!at) return false;
    if (isIgnored(at, root3)) continue;
    if (mode === "remove") leave(at);
    else if (mode === "outer") morphOuter(at, parse(html));
    else insert2(at, mode, parse(html));
  }
  return true;
}
function insert2(at, mode, content) {
  if (mode === "append") morphInsert(at, content, endOf(at));
  else if (mode === "prepend") morphInsert(at, content, startOf(at));
  else morphInsert(at.parentNode, content, mode === "before" ? at : at.nextSibling);
}
function readRegion(region2) {
  const [key = "", base = "", version2 = ""] = region2.split(" ");
  return [select(`[data-region="${CSS.escape(key)}"]`), base, version2];
}
var steps = {
  name: "helio-steps",
  // Another event of the batch may bring what this one takes away, and may come first.
  prepare({ region: region2 = "", step = "", html = "" }) {
    const [roots2, base] = readRegion(region2);
    const names = namesIn(html);
    for (const root3 of roots2) {
      if (root3.getAttribute("data-v") !== base) continue;
      for (const { mode, target } of step ? read(step, "") : []) {
        const el = find(root3, target);
        if (el && mode === "remove") announce(el, names.has(target.replace(/^[#@]/, "")));
        if (el && mode === "outer") announceMissing(el, names);
      }
    }
  },
  frame({ region: region2 = "", step = "", html = "" }) {
    const list = step ? read(step, "") : [];
    const targets = (root3) => list.flatMap(({ target }) => find(root3, target) ?? []);
    const touched = () => readRegion(region2)[0].flatMap(targets);
    return { key: region2.split(" ")[0], html, touched };
  },
  apply(_, { region: region2 = "", step = "", html = "" }) {
    const [roots2, base, version2] = readRegion(region2);
    const list = step ? read(step, html) : [];
    change(() => {
      for (const root3 of roots2) {
        const same = root3.getAttribute("data-v") === base;
        if (same && run3(root3, list)) root3.setAttribute("data-v", version2);
        else {
          if (same) root3.setAttribute("data-v", "-");
          return reopen();
        }
      }
    });
  }
};

// src/bundles/helio.ts
[...fetchActions, peek, setAll, toggleAll].forEach(action);
[attr, bind2, classes, computed3, effectAttribute, hold2, indicator, init].forEach(attribute);
[jsonSignals, on, onInterval, onIntersect, onSignalPatch, presence].forEach(attribute);
[presenceWhile, ref, show, signals, style, text].forEach(attribute);
[patchElements, patchSignals, steps, executeScript, ...effects, ...mounts, goto].forEach(watcher);
adoptMounts();
mergePatch({ _helio: { online: true } });
start();
export {
  action,
  actions,
  apply,
  attribute,
  startBatch as beginBatch,
  computed2 as computed,
  effect2 as effect,
  endBatch2 as endBatch,
  filtered,
  getPath,
  load,
  mergePatch,
  mergePaths,
  root,
  signal,
  startPeeking,
  stopPeeking,
  watcher
};
