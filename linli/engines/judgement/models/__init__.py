"""Models of judgement."""

from linli.engines.judgement.models.duplicates import DuplicateDismissal, DuplicateKey, DuplicateWeights

__all__ = ["DuplicateDismissal", "DuplicateKey", "DuplicateWeights"]
