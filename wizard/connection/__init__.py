"""The Logix database and the APS store: how each kind is reached, and what the checks ask it."""
