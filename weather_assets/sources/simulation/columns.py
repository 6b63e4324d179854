"""Readings as whole numbers and their texts, in the unit, steps and style of the portal (`.9`, `-.9`, `28`, blank)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weather_assets.elements import ELEMENTS
from weather_assets.sources.simulation.noise import BoolArray, FloatArray, IntArray

PROVIDER = "simulator"
BY_CODE = {element.code: element for element in ELEMENTS}


@dataclass(frozen=True, slots=True)
class Column:
    """One element: `steps` counts of its resolution (or places in a vocabulary), blank where not `present`."""

    steps: IntArray
    present: BoolArray
    resolution: float = 1.0

    @property
    def values(self) -> FloatArray:
        """In the unit of the element's name, as rounded; blanks are not marked."""
        return self.steps.astype(np.float64) * self.resolution

    def where(self, keep: BoolArray) -> "Column":
        """Blank wherever `keep` is false."""
        return Column(self.steps, self.present & keep, self.resolution)

    def with_steps(self, steps: IntArray) -> "Column":
        """Other values, the same blanks."""
        return Column(steps, self.present, self.resolution)

    def since(self, start: int) -> "Column":
        """Without the first `start` entries."""
        return Column(self.steps[start:], self.present[start:], self.resolution)


def column(code: str, values: FloatArray) -> Column:
    """Round values, given in the unit of the element's name, to the element's resolution."""
    resolution = BY_CODE[code].resolution
    steps = np.rint(values / resolution).astype(np.int64)
    return Column(steps, np.ones(steps.shape, dtype=np.bool_), resolution)


def _number(value: float) -> str:
    """As the portal writes it: no trailing zeros, no zero before the point."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def number_texts(code: str, numbers: Column) -> pa.StringArray:
    """Texts of a column of numbers in the provider's unit; each distinct number is written once."""
    lowest, highest = int(numbers.steps.min()), int(numbers.steps.max())
    text_step = numbers.resolution / BY_CODE[code].scale.get(PROVIDER, 1.0)
    texts = [_number(step * text_step) for step in range(lowest, highest + 1)]
    return vocabulary_texts(texts, numbers.with_steps(numbers.steps - lowest))


def vocabulary_texts(vocabulary: Sequence[str], places: Column) -> pa.StringArray:
    """Texts of a column of places in a vocabulary."""
    indices = pa.array(places.steps, mask=~places.present)
    return pa.array(vocabulary, pa.string()).take(indices)
