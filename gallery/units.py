"""Figures in words."""


def size(count: float) -> str:
    """Bytes: `640 kB`, `1.5 GB`."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            whole = unit == "B" or count >= (99.5 if unit == "GB" else 9.95)
            return f"{count:.0f} {unit}" if whole else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def rate(count: float) -> str:
    """Bytes a second."""
    return f"{size(count)}/s"


def percent(value: float) -> str:
    return f"{value:.0f} %"


def duration(seconds: float) -> str:
    """`3 d 4 h`, `4 h 12 min`, `12 min`."""
    minutes = int(seconds // 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
