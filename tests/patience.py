"""How long tests wait, and how long that is which they must not wait for.

What is promised to a person (Esc within a second) is measured by the benches, on a machine that does nothing else. A
test run shares its machine: whether something was ended, or ended by itself, is proved by comparing it with what it
would have taken otherwise, and that is so long that no machine is slow enough to mistake one for the other.
"""

from __future__ import annotations

PATIENCE = 30.0
"""Seconds within which what has to happen happens, however busy the machine is."""

PATIENCE_MS = 1000 * int(PATIENCE)

ENDLESS = 300.0
"""Seconds of a work, a silence or a limit whose end no test waits for. Beyond any limit of the checks, and not for
ever: what a broken program leaves behind is gone soon."""
