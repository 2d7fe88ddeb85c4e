// Builds the committed bundles and prints what they weigh on the wire.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

const bundles = [
    {
        source: 'src/bundles/helio.ts',
        target: '../src/helio/static/helio.js',
        dev: false,
        limit: 15_000,
    },
    { source: 'src/bundles/helio.ts', target: '../src/helio/static/helio.dev.js', dev: true },
]

// Fields of our own and of alien-signals (but those it asks for by a quoted name) may shrink.
// A name of ours ends in an underscore; those of alien-signals are listed.
const PRIVATE = /_$|^(pendingValue|subsTail|depsTail|prevSub|nextSub|prevDep|nextDep)$/

for (const { source, target, dev, limit } of bundles) {
    await build({
        absWorkingDir: here('.'),
        entryPoints: [source],
        outfile: here(target),
        bundle: true,
        format: 'esm',
        target: 'es2022',
        // The development bundle says what its error codes mean, and can be read in a debugger.
        define: { DEV: String(dev) },
        minify: !dev,
        ...(dev ? {} : { mangleProps: PRIVATE }),
        legalComments: 'none',
        charset: 'utf8',
        logLevel: 'warning',
    })
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
