"""The tables of the room `judgement`."""

from linli.engines.judgement.models.category import CategoryModel, CategoryMonth
from linli.engines.judgement.models.duplicates import DuplicateDismissal, DuplicateKey, DuplicateWeights

__all__ = ["CategoryModel", "CategoryMonth", "DuplicateDismissal", "DuplicateKey", "DuplicateWeights"]
