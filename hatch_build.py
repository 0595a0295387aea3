"""Compiles the message catalogues while a wheel or an editable install is made."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueBuildHook(BuildHookInterface[Any]):
    """Puts the compiled catalogues beside their sources, where the wheel picks them up."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        script = Path(self.root, "scripts", "catalogues.py")
        runpy.run_path(str(script))["compile_all"]()
