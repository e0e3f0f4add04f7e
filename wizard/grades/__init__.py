"""Grade types (DB0142): their import from Logix, the sizes that fit, reference codes and item codes of APS."""
