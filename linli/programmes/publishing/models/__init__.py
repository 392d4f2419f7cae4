"""Words out: what is written, where it stood, what of it somebody asked to take down."""

from linli.programmes.publishing.models.channels import Channel, Release
from linli.programmes.publishing.models.media import ArticleMedia, Media
from linli.programmes.publishing.models.pieces import (
    Article,
    Issue,
    IssueItem,
    Method,
    Piece,
    PieceVersion,
    Report,
)
from linli.programmes.publishing.models.pleas import TakedownRequest

__all__ = [
    "Article",
    "ArticleMedia",
    "Channel",
    "Issue",
    "IssueItem",
    "Media",
    "Method",
    "Piece",
    "PieceVersion",
    "Release",
    "Report",
    "TakedownRequest",
]
