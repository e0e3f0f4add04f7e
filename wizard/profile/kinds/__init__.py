"""One module per kind of database, each defining KIND; `profile.database` finds them."""
