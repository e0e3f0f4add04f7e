"""Grade types (DB0142): their limits, their import from Logix, and the sizes that fit."""
