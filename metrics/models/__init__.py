"""Tables of the figures: facts, what is added up of them, and what people say and are told."""

from metrics.models.facts import Cursor, EnquiryFact, ItemFact
from metrics.models.rollups import Alike, ChangedDay, RolledCell, RolledPart, Rollup
from metrics.models.said import Annotation, Band, OnlineDay, Pack, PackReader, UnitCost

__all__ = (
    "Alike",
    "Annotation",
    "Band",
    "ChangedDay",
    "Cursor",
    "EnquiryFact",
    "ItemFact",
    "OnlineDay",
    "Pack",
    "PackReader",
    "RolledCell",
    "RolledPart",
    "Rollup",
    "UnitCost",
)
