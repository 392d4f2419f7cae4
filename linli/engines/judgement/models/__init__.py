"""The tables of the room `judgement`."""

from linli.engines.judgement.models.category import CategoryModel, CategoryMonth

__all__ = ["CategoryModel", "CategoryMonth"]
