// Builds the committed bundles and prints what they weigh on the wire.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { minify } from 'terser'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

const bundles = [
  { target: '../src/helio/static/helio.js', dev: false, limit: 15_000 },
  // Says what its error codes mean, and can be read in a debugger.
  { target: '../src/helio/static/helio.dev.js', dev: true },
]

// Fields of our own that no page, no plugin and no DOM object knows: their names may shrink. Those
// of alien-signals may too, except what it asks for by a quoted name (getter, currentValue, fn).
const OURS = `alive broken doomed except fresh kind nulls partners placed plugin received
  reopen returns stays within`
const ALIEN = `checkDirty deps depsTail flags nextDep nextSub pendingValue prevDep prevSub propagate
  shallowPropagate subs subsTail unwatched`
const PRIVATE = new RegExp(`_$|^(${`${OURS} ${ALIEN}`.split(/\s+/).join('|')})$`)

for (const { target, dev, limit } of bundles) {
  const { outputFiles } = await build({
    absWorkingDir: here('.'),
    entryPoints: ['src/bundles/helio.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: { DEV: String(dev) },
    minify: !dev,
    ...(dev ? {} : { mangleProps: PRIVATE }),
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
  })
  let code = outputFiles[0].text
  if (!dev) {
    // A second pass finds some 4 % that the bundler leaves.
    const options = { module: true, ecma: 2022, compress: { passes: 3, unsafe_arrows: true } }
    code = `${(await minify(code, options)).code}\n`
  }
  writeFileSync(here(target), code)
  const bytes = readFileSync(here(target))
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).length
  const gzip = gzipSync(bytes, { level: 9 }).length
  const verdict = !limit
    ? ''
    : brotli <= limit
      ? ` (within ${limit} B)`
      : ` (OVER ${limit} B by ${brotli - limit})`
  console.log(
    `${target.split('/').pop()}: ${bytes.length} B raw, ${gzip} B gzip, ${brotli} B brotli${verdict}`,
  )
}
