"""Pure rules of words out: markup, the check before release, layout of pages, exchange files, reports."""
