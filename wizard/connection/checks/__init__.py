"""The checks of this concern: one module each, defining CHECK."""
