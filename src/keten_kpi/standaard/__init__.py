"""The standard as data: schemas, code lists, norms, calendar. Open to every room."""
