"""The configuration: ``[tool.bluehook]`` of the nearest pyproject.toml above a file, or bluehook.toml.

``schema`` lists the keys, ``source`` reads a file, ``effective`` lays the environment and the command line over it and
checks all, ``nearest`` finds the one that holds for a file, ``paths`` says what it means there, ``trail`` words errors.
"""

from __future__ import annotations

from bluehook.config.effective import NOT_OVERRIDDEN, Config, Given, Overrides, Row, in_ci, overrides
from bluehook.config.nearest import Configs, load, load_file
from bluehook.config.paths import Globs, Profile
from bluehook.config.schema import (
    DEFAULT_FOLDERS,
    CacheSettings,
    CheckSettings,
    Engines,
    InstructionSettings,
    PerPath,
    Price,
    Settings,
    VerifySettings,
)

__all__ = [
    "DEFAULT_FOLDERS",
    "NOT_OVERRIDDEN",
    "CacheSettings",
    "CheckSettings",
    "Config",
    "Configs",
    "Engines",
    "Given",
    "Globs",
    "InstructionSettings",
    "Overrides",
    "PerPath",
    "Price",
    "Profile",
    "Row",
    "Settings",
    "VerifySettings",
    "in_ci",
    "load",
    "load_file",
    "overrides",
]
