"""Uses the program as a screen reader does: through AT-SPI, by names, roles, labels and actions, in its own process.

Run by the system's Python, which has pyatspi, inside a D-Bus session and an X display of its own:
`python3 screen_reader.py PYTHON PROFILES DATABASE URL`. Starts `PYTHON -m wizard` itself, makes a profile and writes
JSON of what it heard and read. Anything that it cannot find ends it with a sentence.
"""

import ctypes
import json
import os
import subprocess
import sys
import time

import pyatspi
from gi.repository import GLib

WAIT = 60.0
TAB_WAIT = 3.0
"""Seconds that the keyboard may take from one widget to the next."""
TAB = 0xFF09
SECRET = "hunter2-never-told"


class Reader:
    """The running program as it is seen from outside."""

    def __init__(self):
        self.app = None
        self.heard = []
        pyatspi.Registry.registerEventListener(self._hear, "object:announcement")

    def _hear(self, event):
        self.heard.append({"text": str(event.any_data), "urgent": event.detail1 == 2})

    def turn(self, seconds=0.1):
        """Let what was told arrive."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            while GLib.MainContext.default().iteration(False):
                pass
            time.sleep(0.01)

    def until(self, found, what):
        """Wait for something; its truth is given."""
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            try:
                result = found()
            except (LookupError, ValueError, GLib.Error):
                result = None  # it changed while it was looked at
            if result:
                return result
            self.turn()
        raise SystemExit("not found: " + what)

    def connect(self):
        """Wait for the program and its window, and give it the keyboard: this display has no window manager."""

        def program():
            return next((one for one in pyatspi.Registry.getDesktop(0) if one and one.name == "aps-wizard"), None)

        self.app = self.until(program, "the program")
        self.until(lambda: self.find("push button", "New profile", must=False), "the window")

        def active():
            give_keyboard()
            self.turn(0.5)
            return self.app[0].getState().contains(pyatspi.STATE_ACTIVE)

        self.until(active, "an active window")

    def walk(self, below=None):
        """Everything that is shown."""
        for child in list(self.app if below is None else below):
            if child is not None:
                if child.getState().contains(pyatspi.STATE_SHOWING):
                    yield child
                yield from self.walk(child)

    def find(self, role, name, must=True):
        """What is shown with a role and a name."""

        def look():
            return next((one for one in self.walk() if one.getRoleName() == role and one.name == name), None)

        return self.until(look, f"{role} {name!r}") if must else look()

    def press(self, name):
        """Do the action of a button."""
        self.act(self.find("push button", name), "Press")

    def act(self, widget, wanted):
        """Do an action by its name."""
        actions = widget.queryAction()
        names = [actions.getName(index) for index in range(actions.nActions)]
        actions.doAction(names.index(wanted))
        self.turn(0.4)

    def field(self, label):
        """The field to which a label on the page leads."""

        def target():
            relations = self.find("label", label).getRelationSet()
            leads = [one for one in relations if one.getRelationType() == pyatspi.RELATION_LABEL_FOR]
            return leads[0].getTarget(0) if leads else None

        return self.until(target, f"where the label {label!r} leads")

    def enter(self, label, text):
        """Write into the field of a label."""
        field = self.field(label)
        field.queryEditableText().setTextContents(text)
        self.turn()
        content = field.queryText()
        return content.getText(0, content.characterCount)

    def key(self, symbol):
        """Press a key, as the person does who listens."""
        pyatspi.Registry.generateKeyboardEvent(symbol, None, pyatspi.KEY_SYM)
        self.turn(0.15)

    def focus(self, widget):
        """Put the keyboard into something, and wait until it is there."""
        self.act(widget, "SetFocus")
        self.has_keyboard(widget)

    def has_keyboard(self, widget):
        """Wait until something has the keyboard."""
        self.until(lambda: _has_keyboard(widget), f"the keyboard in {widget.name!r}")

    def choose(self, before, letter, label, expected):
        """Go by Tab from a field to a list after it and type what to choose."""
        box = self.field(label)
        self.focus(self.field(before))
        for _press in range(5):
            self.key(TAB)
            # Another one too early would go past it.
            end = time.monotonic() + TAB_WAIT
            while not _has_keyboard(box) and time.monotonic() < end:
                self.turn()
            if _has_keyboard(box):
                break
        self.has_keyboard(box)
        self.type_choice(box, letter, expected)

    def type_choice(self, box, letter, expected):
        """Type the first letter of a choice until it is chosen: letters typed in a row are one word for a list."""

        def chosen():
            if not box.name.startswith(expected):
                self.key(ord(letter))
                self.turn(0.5)
            return box.name.startswith(expected)

        self.until(chosen, f"{expected!r} chosen")

    def step(self):
        """Where the program says it is."""
        labels = lambda: [one.name for one in self.walk() if one.getRoleName() == "label"]  # noqa: E731
        return self.until(lambda: [name for name in labels() if name.startswith("Step ")], "the step")[0]

    def said(self, beginning, since=0):
        """Wait for an announcement."""
        found = self.until(
            lambda: [one for one in self.heard[since:] if one["text"].startswith(beginning)],
            f"the announcement {beginning!r} in {self.heard[since:]}",
        )
        return found[0]


def _has_keyboard(widget):
    return widget.getState().contains(pyatspi.STATE_FOCUSED)


def give_keyboard():
    """Give the largest window of the display the keyboard."""
    x = ctypes.CDLL("libX11.so.6")
    pointer, number = ctypes.c_void_p, ctypes.c_ulong
    x.XOpenDisplay.restype, x.XDefaultRootWindow.restype = pointer, number
    x.XDefaultRootWindow.argtypes = x.XFlush.argtypes = x.XCloseDisplay.argtypes = [pointer]
    x.XQueryTree.argtypes = [pointer, number] + [pointer] * 4
    x.XGetGeometry.argtypes = [pointer, number] + [pointer] * 7
    x.XSetInputFocus.argtypes = [pointer, number, ctypes.c_int, number]
    display = x.XOpenDisplay(None)
    root, parent, count = number(), number(), ctypes.c_uint()
    windows = ctypes.POINTER(number)()
    x.XQueryTree(display, x.XDefaultRootWindow(display), *map(ctypes.byref, (root, parent, windows, count)))
    sizes = []
    for index in range(count.value):
        places = [number(), ctypes.c_int(), ctypes.c_int()] + [ctypes.c_uint() for _part in range(4)]
        x.XGetGeometry(display, windows[index], *map(ctypes.byref, places))
        sizes.append((places[3].value * places[4].value, windows[index]))
    x.XSetInputFocus(display, max(sizes)[1], 1, 0)
    x.XFlush(display)
    x.XCloseDisplay(display)


def use(reader, database, url):
    """Make and write a profile; gives what was met on the way."""
    told = {}
    reader.connect()
    reader.press("New profile")
    reader.said("Step 1 of ")
    reader.press("Next")
    reader.said("Step 2 of ")

    reader.press("Next")
    told["complaint"] = reader.said("Missing or wrong values on this page: 4.")
    name = reader.field("Name of this profile")
    told["description"] = name.description
    told["focus after complaint"] = name.getState().contains(pyatspi.STATE_FOCUSED)
    told["name"] = reader.enter("Name of this profile", "Serra Azul")
    told["description after typing"] = reader.field("Name of this profile").description
    reader.choose("Name of this profile", "T", "Environment", "Testing")
    since = len(reader.heard)
    reader.enter("Logix company", "0123")
    told["wrong value"] = reader.said("", since)
    reader.enter("Logix company", "01")
    reader.enter("APS site", "01")
    reader.press("Next")
    told["place"] = reader.step()
    reader.said("Step 3 of ")

    told["kind"] = database_kind(reader)
    told["file"] = reader.enter("Database file", database)
    since = len(reader.heard)
    reader.press("Test")
    told["result"] = reader.said("All checks passed.", since)
    reader.press("Next")
    reader.press("Next")
    reader.said("Step 5 of ")
    reader.enter("Address (URL)", url)
    told["password"] = password(reader)
    for _page in range(4):
        reader.press("Next")
    reader.said("Step 9 of ")
    since = len(reader.heard)
    reader.press("Write profile")
    told["written"] = reader.said("The profile was written", since)
    return told


def database_kind(reader):
    """Choose SQLite by keys: the keyboard begins in the list of kinds."""
    box = reader.field("Kind of database")
    reader.has_keyboard(box)
    reader.type_choice(box, "S", "SQLite")
    return box.name


def password(reader):
    """Type a password by keys, and read whatever a screen reader can read of it."""
    reader.choose("User", "M", "Password", "Machine store")
    store = reader.field("Password")
    line = reader.until(
        lambda: next((one for one in reader.walk() if one.getRoleName() == "password text"), None), "the password field"
    )
    reader.focus(line)
    for letter in SECRET:
        reader.key(ord(letter))
    text = line.queryText()
    reader.until(lambda: text.characterCount == len(SECRET), "as many bullets as letters")
    read = [text.getText(0, text.characterCount), line.name, line.description, store.name]
    units = (pyatspi.TEXT_BOUNDARY_CHAR, pyatspi.TEXT_BOUNDARY_WORD_START)
    read += [text.getTextAtOffset(2, unit)[0] for unit in units]
    everything = " ".join(one.name + one.description for one in reader.walk())
    reader.choose("User", "N", "Password", "None")
    return {"read": read, "elsewhere": SECRET in everything}


def main():
    python, profiles, database, url = sys.argv[1:]
    program = subprocess.Popen([python, "-m", "wizard", "--profiles-dir", profiles], env=dict(os.environ))
    try:
        reader = Reader()
        told = use(reader, database, url)
        told["heard"] = reader.heard
        print(json.dumps(told, ensure_ascii=False))
    finally:
        program.terminate()
        program.wait(10)


if __name__ == "__main__":
    main()
