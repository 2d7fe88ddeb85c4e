"""Monitor: what this machine does, every second, while somebody looks.

Selectors: `#overview`, `#cpu`, `#memory`, `#disk`, `#network` (charts); the process table is in
`processes.py`.
"""

from charts import Series, ceiling, chart
from helio import Markup, Routes, every, region
from helio import html as h
from machine import Figures, figures
from processes import View, search, table
from units import duration, percent, rate, size

routes = Routes()


@routes.page("/monitor", title="Monitor · Helio")
def monitor(view: View) -> Markup:
    return h.main(".monitor")[
        h.header(".page-head")[h.h1["Monitor"], overview()],
        h.div(".charts")[cpu(), memory(), network(), disk()],
        search(view),
        table(view.sort, view.descending, view.filter),
        _explanation(),
    ]


async def look() -> Figures:
    """The figures of this second; whoever calls it is rendered again in the next."""
    await every(1.0)
    return await figures.get()


@region
async def overview() -> Markup:
    seen = await look()
    machine, now = seen.machine, seen.now
    facts = {
        "CPU": percent(now.cpu),
        "Memory": percent(100 * now.memory / machine.memory),
        "Disk": percent(100 * machine.disk_used / machine.disk),
        "Load": f"{machine.load[0]:.2f}",
        "Processes": str(machine.processes),
        "Up": duration(machine.up),
    }
    return h.dl("#overview.facts")[
        (h.div[h.dt[name], h.dd[value]] for name, value in facts.items())
    ]


@region
async def cpu() -> Markup:
    seen = await look()
    return h.section("#cpu.card")[
        chart(
            "CPU",
            [
                Series(f"Core {core}", percent(now), _core(seen, core))
                for core, now in enumerate(seen.now.cores)
            ],
            top=100,
            label=percent,
            filled=len(seen.now.cores) == 1,
        )
    ]


def _core(seen: Figures, core: int) -> list[tuple[float, float]]:
    return seen.points(lambda sample: sample.cores[core])


@region
async def memory() -> Markup:
    seen = await look()
    machine, now = seen.machine, seen.now
    series = [Series("Used", size(now.memory), seen.points(lambda sample: sample.memory))]
    if machine.swap:
        series.append(Series("Swap", size(now.swap), seen.points(lambda sample: sample.swap)))
    return h.section("#memory.card")[
        chart("Memory", series, top=machine.memory, label=size, filled=True)
    ]


@region
async def network() -> Markup:
    seen = await look()
    now = seen.now
    top = max(max(sample.received, sample.sent) for sample in seen.samples)
    return h.section("#network.card")[
        chart(
            "Network",
            [
                Series("In", rate(now.received), seen.points(lambda sample: sample.received)),
                Series("Out", rate(now.sent), seen.points(lambda sample: sample.sent)),
            ],
            top=ceiling(top, least=10_000),
            label=rate,
            filled=True,
        )
    ]


@region
async def disk() -> Markup:
    seen = await look()
    now = seen.now
    top = max(max(sample.read, sample.written) for sample in seen.samples)
    return h.section("#disk.card")[
        chart(
            "Disk",
            [
                Series("Read", rate(now.read), seen.points(lambda sample: sample.read)),
                Series("Written", rate(now.written), seen.points(lambda sample: sample.written)),
            ],
            top=ceiling(top, least=100_000),
            label=rate,
            filled=True,
        )
    ]


def _explanation() -> Markup:
    return h.section(".notes", aria_labelledby="notes")[
        h.h2("#notes")["How it is made"],
        h.ul[
            h.li[
                "Each chart is a region that says ",
                h.code["await every(1.0)"],
                ". It is drawn once a second on the server, as SVG, for everybody who looks; when "
                "nobody looks, nothing is measured. A gap in a line is such a pause.",
            ],
            h.li[
                "All regions of one second share one reading, which is taken on a thread of its "
                "own."
            ],
            h.li[
                "Your sorting and filter are kept in your session. The table is a region with "
                "these as arguments, so all who have chosen the same share one render."
            ],
            h.li["Command lines are not shown, because they may hold secrets."],
        ],
    ]
