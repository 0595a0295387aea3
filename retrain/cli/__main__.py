"""``python -m retrain.cli``."""

from retrain.cli.main import main

main()
