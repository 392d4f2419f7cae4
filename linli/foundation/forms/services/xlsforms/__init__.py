"""XLSForm workbooks in and out, and the XForm that OpenRosa clients read (https://xlsform.org, BSD ``pyxform``)."""

from linli.foundation.forms.services.xlsforms.books import BadSheetError, placed
from linli.foundation.forms.services.xlsforms.importing import import_xlsform
from linli.foundation.forms.services.xlsforms.writing import ConversionError, export_xlsform, to_xform

__all__ = ["BadSheetError", "ConversionError", "export_xlsform", "import_xlsform", "placed", "to_xform"]
