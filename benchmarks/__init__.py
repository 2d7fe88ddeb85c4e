"""Every figure that is stated anywhere, and how to get it again.

    python -m benchmarks render [--json FILE]

Peers and the machine's own limits are measured in the same run, and figures are stated as ratios to
them. A peer that is not installed is named and left out.
"""
