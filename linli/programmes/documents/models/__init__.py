"""Documents, what they say, and the plans split from them."""

from linli.programmes.documents.models.aliases import Alias
from linli.programmes.documents.models.documents import Article, Block, Document
from linli.programmes.documents.models.findings import Finding
from linli.programmes.documents.models.parts import Part, PlanItem, PlanUnit

__all__ = ["Alias", "Article", "Block", "Document", "Finding", "Part", "PlanItem", "PlanUnit"]
