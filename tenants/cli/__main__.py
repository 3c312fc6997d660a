"""``python -m tenants.cli``: the tool without its script, for the processes that `serve` starts."""

from . import main

main(prog_name="puskesos")
