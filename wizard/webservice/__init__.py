"""The web service of Logix that the confirmation sends orders to. Nothing here calls an operation."""
