"""`python -m helio.cli`."""

from helio.cli import main

main()
