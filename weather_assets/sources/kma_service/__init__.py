"""A local stand-in for the KMA services: real HTTP, fed from any ReadingsSource; for tests and for trying things out.

Belongs here: the wire formats as the services write them, and faults on demand. Does not: anything that a client
needs to read them (that is written apart, on purpose, from the same description of the formats).
"""

from weather_assets.sources.kma_service.changes import Correction, LateReading
from weather_assets.sources.kma_service.command import parse_fault, run_service
from weather_assets.sources.kma_service.faults import Fault, FaultKind
from weather_assets.sources.kma_service.server import KmaService, RecordedRequest

__all__ = [
    "Correction",
    "Fault",
    "FaultKind",
    "KmaService",
    "LateReading",
    "RecordedRequest",
    "parse_fault",
    "run_service",
]
