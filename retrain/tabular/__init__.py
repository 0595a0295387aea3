"""Reading tables people send, which may be anything, and writing tables no spreadsheet can be hurt by."""
