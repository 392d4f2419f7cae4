"""The public writes of forms: saving, freezing; XLSForm in and out."""

from linli.foundation.forms.services.drafting import discard_draft, new_form, publish_draft, save_draft, set_kind
from linli.foundation.forms.services.saving import save_form, save_whole_form, use
from linli.foundation.forms.services.shipping import Ready, adopt_forms, read_ready, ready_forms
from linli.foundation.forms.services.xlsforms import (
    BadSheetError,
    ConversionError,
    export_xlsform,
    import_xlsform,
    placed,
    to_xform,
)

__all__ = [
    "BadSheetError",
    "ConversionError",
    "Ready",
    "adopt_forms",
    "discard_draft",
    "export_xlsform",
    "import_xlsform",
    "new_form",
    "placed",
    "publish_draft",
    "read_ready",
    "ready_forms",
    "save_draft",
    "save_form",
    "save_whole_form",
    "set_kind",
    "to_xform",
    "use",
]
