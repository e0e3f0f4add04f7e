"""One module per kind of database, named as `database.kind` in the profile, each defining KIND."""
