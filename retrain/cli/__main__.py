"""``python -m retrain.cli``."""

from retrain.cli.group import main

main()
