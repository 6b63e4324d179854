"""A model in a folder: facts as JSON, arrays as NumPy's npz, boosters as LightGBM's text. Nothing is pickled."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from weather_assets.errors import WeatherError

if TYPE_CHECKING:
    from lightgbm import Booster

LAYOUT = 3
_FACTS, _ARRAYS = "forecaster.json", "arrays.npz"


@dataclass(frozen=True)
class Parts:
    """What a model is made of, ready to be written."""

    facts: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]
    boosters: Mapping[str, "Booster"]


def write(folder: Path, parts: Parts) -> None:
    """Write the parts into a folder, made where it is absent."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"layout": LAYOUT, "boosters": sorted(parts.boosters), **parts.facts}
    (folder / _FACTS).write_text(json.dumps(facts, indent=2, ensure_ascii=False), encoding="utf-8")
    np.savez_compressed(folder / _ARRAYS, allow_pickle=False, **parts.arrays)
    for name, booster in parts.boosters.items():
        (folder / f"{name}.txt").write_text(booster.model_to_string(), encoding="utf-8")


def read(folder: Path) -> Parts:
    """Read what `write` wrote; raises WeatherError where a file is absent or of another layout."""
    from lightgbm import Booster

    try:
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        if facts["layout"] != LAYOUT:
            raise WeatherError(
                f"{folder / _FACTS} has layout {facts['layout']}, this program reads {LAYOUT}: train again"
            )
        with np.load(folder / _ARRAYS, allow_pickle=False) as stored:
            arrays = dict(stored)
        texts = {name: (folder / f"{name}.txt").read_text(encoding="utf-8") for name in facts["boosters"]}
    except FileNotFoundError as error:
        raise WeatherError(f"{error.filename} is missing, so {folder} holds no whole model: train again") from None
    return Parts(facts, arrays, {name: Booster(model_str=text) for name, text in texts.items()})
