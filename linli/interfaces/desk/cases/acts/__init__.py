"""The acts on a case as data: which fields each form has and which service it calls."""

from linli.interfaces.desk.cases.acts.fields import Asked
from linli.interfaces.desk.cases.acts.table import ACTS, Act

__all__ = ["ACTS", "Act", "Asked"]
