#!/usr/bin/env python3
"""The commands of a source checkout: `python3 run.py demo` and `python3 run.py test` need only Python and pip.

Standard library only, and readable by an old Python so that it can say which one is needed.
The virtual environment (.venv) is made once from the hashed pins in installer/requirements.
"""

import argparse
import contextlib
import glob
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
WINDOWS = os.name == "nt"
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if WINDOWS else os.path.join(VENV, "bin", "python")
NODE = os.path.join(VENV, "node")
NODE_PINS = os.path.join("tests", "webservice", "foreign")
PINS = os.path.join(ROOT, "installer", "requirements")
MINIMUM = (3, 11)

# What Debian's minimal system lacks, and how to see that it is missing without asking dpkg.
QT_PACKAGES = "libglib2.0-0 libgl1 libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3 fonts-dejavu-core".split()
TEST_NEEDS = (
    ("gnome-keyring-daemon", "gnome-keyring"),
    ("dbus-run-session", "dbus"),
    ("cc", "gcc libc6-dev"),
    ("ip", "iproute2"),
    ("node", "nodejs"),
    ("npm", "npm"),
    ("php", "php-cli"),
    ("/usr/share/php/nusoap/nusoap.php", "libnusoap-php"),
    ("/usr/lib/*/libodbc.so.2", "unixodbc"),
    ("/usr/lib/*/odbc/libsqlite3odbc.so", "libsqliteodbc"),
    ("/usr/lib/*/odbc/libtdsodbc.so", "tdsodbc"),
    ("/usr/lib/*/odbc/libmaodbc.so", "odbc-mariadb"),
    ("/usr/lib/*/odbc/psqlodbcw.so", "odbc-postgresql"),
    ("/usr/sbin/mariadbd", "mariadb-server-core"),
    ("/usr/lib/postgresql/*/bin/postgres", "postgresql"),
    ("/usr/lib/python3/dist-packages/pyatspi/__init__.py", "python3-pyatspi gir1.2-atspi-2.0 python3-gi at-spi2-core"),
    ("Xvfb", "xvfb"),
    (
        "/usr/lib/*/libxcb-cursor.so.0",
        "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 "
        "libxcb-xkb1 libxkbcommon-x11-0",
    ),
)
"""A program or file that the tests use, and the Debian packages that bring it."""

INSTALLER_NEEDS = (
    ("makensis", "nsis"),
    ("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64-win32"),
    ("osslsigncode", "osslsigncode"),
)
"""What builds the Windows installer; its tests run it under wine."""
MSI_NEEDS = (("wixl", "wixl"), ("msibuild", "msitools"))
"""What makes the MSI of `installer --msi`; its tests read that back."""
TEST_NEEDS += INSTALLER_NEEDS + MSI_NEEDS + (("wine", "wine wine64"),)


def main(argv):
    if sys.version_info < MINIMUM:
        stop("Python %d.%d or newer is needed; this is %s." % (MINIMUM + (sys.version.split()[0],)))
    parser = argparse.ArgumentParser(prog="run.py", description="Commands of this source checkout.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in (
        ("demo", "configure and prove the demo site; options are those of `aps-wizard demo`"),
        ("test", "linters, types, walls and all tests; --strict makes a skipped test a failure"),
        ("lint", "only ruff, the type checker and the import walls"),
        ("bench", "benchmarks, each beside its anchor in the same run"),
        ("soak", "what takes minutes: kills, malformed files, many writers; prints the numbers"),
        (
            "screenshots",
            "every page in every language, theme and scale, and a contact sheet; --only, --out, --resources",
        ),
        ("seeds", "which rules of the manual have tests, part by part"),
        ("i18n", "read the texts out of the code, update and compile the translations"),
        ("schema", "write profiles/profile.schema.json anew"),
        ("wizard", "run aps-wizard itself with the options that follow"),
        ("installer", "build the Windows installer into build/installer, on Debian; --help names its options"),
        ("pins", "for maintainers: compile installer/requirements anew (needs uv)"),
    ):
        commands.add_parser(name, help=text, add_help=False)
    chosen, rest = parser.parse_known_args(argv)
    os.chdir(ROOT)
    return COMMANDS[chosen.command](rest)


def stop(text):
    sys.stderr.write("run.py: " + text + "\n")
    raise SystemExit(2)


def say(text):
    print("run.py: " + text, flush=True)


# --- the virtual environment -------------------------------------------------------------------


def environment():
    """The variables of everything started from here: nothing of another Python, no screen needed."""
    env = dict(os.environ)
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV"):
        env.pop(name, None)
    env["PYTHONUTF8"] = "1"
    screen = env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") or WINDOWS or sys.platform == "darwin"
    if not screen:
        env.setdefault("QT_QPA_PLATFORM", "offscreen")
    return env


def run(*command, **options):
    options.setdefault("env", environment())
    process = subprocess.Popen(list(command), **options)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # It went to the command too, which says what there is to say.
            continue


def need(groups, optional=()):
    """Make .venv hold the pinned packages of the groups. Gives the optional groups that could not be had."""
    if not os.path.exists(PYTHON) or subprocess.call([PYTHON, "-c", ""], stderr=subprocess.DEVNULL):
        make_venv()
    missing = []
    for group in tuple(groups) + tuple(optional):
        if not install(group):
            if group in groups:
                stop(
                    "the packages of %s.txt could not be installed (see above). Is the package index reachable?" % group
                )
            missing.append(group)
    if not stamped("project", "pyproject.toml"):
        # Offline on purpose: the build backend is one of the pinned packages.
        if run(*pip("install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "-e", ".")):
            stop("the project itself could not be installed into .venv.")
        stamp("project", "pyproject.toml")
    return missing


def make_venv():
    if os.path.exists(VENV):
        shutil.rmtree(VENV)
    say("making the virtual environment .venv (once)")
    ensurepip = importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")
    # Debian takes ensurepip out of python3; the pip that is there can fill an environment from outside.
    options = [] if ensurepip else ["--without-pip"]
    if not ensurepip and not outer_pip():
        debian(["python3-venv"], "to make a virtual environment", must=True)
        options = []
    if subprocess.call([sys.executable, "-m", "venv"] + options + [VENV], env=environment()):
        shutil.rmtree(VENV, ignore_errors=True)
        stop("the virtual environment could not be made. On Debian: apt-get install python3-venv")


def outer_pip():
    answer = subprocess.run(
        [sys.executable, "-m", "pip", "--version"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    words = answer.stdout.decode().split()
    return answer.returncode == 0 and len(words) > 1 and int(words[1].split(".")[0]) >= 23


def pip(*arguments):
    if subprocess.call([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0:
        return [PYTHON, "-m", "pip"] + list(arguments)
    return [sys.executable, "-m", "pip", "--python", PYTHON] + list(arguments)


def install(group):
    pins = os.path.join("installer", "requirements", group + ".txt")
    if stamped(group, pins):
        return True
    say("installing the pinned packages of %s (once)" % pins.replace(os.sep, "/"))
    if run(*pip("install", "-q", "--no-deps", "--require-hashes", "-r", pins)):
        return False
    stamp(group, pins)
    return True


def fingerprint(source):
    with open(os.path.join(ROOT, source), "rb") as file:
        return hashlib.sha256(file.read() + sys.version.encode() + ROOT.encode()).hexdigest()


def stamped(name, source):
    try:
        with open(os.path.join(VENV, "stamp-" + name)) as file:
            return file.read() == fingerprint(source)
    except OSError:
        return False


def stamp(name, source):
    """Written last, so that an interrupted installation is done again."""
    with open(os.path.join(VENV, "stamp-" + name), "w") as file:
        file.write(fingerprint(source))


# --- Debian packages ---------------------------------------------------------------------------


def debian(packages, purpose, must=False):
    """Install Debian packages where that is allowed, name them where it is not. True when installed."""
    line = "apt-get install -y --no-install-recommends " + " ".join(packages)
    allowed = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    if allowed:
        say("installing Debian packages %s: %s" % (purpose, " ".join(packages)))
        env = dict(environment(), DEBIAN_FRONTEND="noninteractive")
        for command in (["apt-get", "update"], line.split()):
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env)
            if done.returncode:
                sys.stderr.write(done.stdout.decode(errors="replace"))
                break
        else:
            return True
    text = "missing %s. On Debian or Ubuntu, as root: %s" % (purpose, line)
    if must:
        stop(text)
    say(text)
    return False


def imports(module):
    return subprocess.call([PYTHON, "-c", "import " + module], stderr=subprocess.DEVNULL, env=environment()) == 0


def need_qt_libraries():
    """What the window loads from a minimal Linux. False when it will not start."""
    if not sys.platform.startswith("linux"):
        return True
    fonts = glob.glob("/usr/share/fonts/**/*.[to]tf", recursive=True)
    if imports("PySide6.QtWidgets") and fonts:
        return True
    return debian(QT_PACKAGES, "for the window") and imports("PySide6.QtWidgets")


def need_test_tools():
    """What the tests talk to: ODBC drivers, a credential store, private servers, and a driver compiled on the spot."""
    if not sys.platform.startswith("linux"):
        return
    missing = [
        packages for what, packages in TEST_NEEDS if not (glob.glob(what) if "/" in what else shutil.which(what))
    ]
    if missing:
        with no_database_of_its_own():
            debian(" ".join(missing).split(), "for the tests")
    if shutil.which("npm") and not stamped("node", os.path.join(NODE_PINS, "package-lock.json")):
        say("installing the pinned packages of %s (once)" % NODE_PINS.replace(os.sep, "/"))
        for name in ("package.json", "package-lock.json"):
            os.makedirs(NODE, exist_ok=True)
            shutil.copy(os.path.join(NODE_PINS, name), NODE)
        if run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", cwd=NODE) == 0:
            stamp("node", os.path.join(NODE_PINS, "package-lock.json"))


def need_installer_tools(rest):
    """The compilers of the Windows installer, and that of an MSI where one is asked for."""
    needs = INSTALLER_NEEDS + (MSI_NEEDS if "--msi" in rest else ())
    missing = [packages for what, packages in needs if not shutil.which(what)]
    if missing and sys.platform.startswith("linux"):
        debian(missing, "for the Windows installer")


@contextlib.contextmanager
def no_database_of_its_own():
    """While this lasts, installing PostgreSQL makes no database and starts no service: the tests start theirs."""
    folder = "/etc/postgresql-common/createcluster.d"
    if os.path.exists("/etc/postgresql-common") or os.geteuid() != 0:
        yield
        return
    file = os.path.join(folder, "no-main-cluster.conf")
    os.makedirs(folder)
    with open(file, "w") as config:
        config.write("create_main_cluster = false\n")
    try:
        yield
    finally:
        os.remove(file)


# --- the commands ------------------------------------------------------------------------------


def demo(rest):
    missing = need(["core"], optional=["gui"])
    if missing or not need_qt_libraries():
        say("the window cannot start here; the demo goes on without pictures")
    return run(PYTHON, "-m", "wizard", "demo", *rest)


def wizard(rest):
    missing = need(["core"], optional=["gui"])
    if not missing:
        need_qt_libraries()
    return run(PYTHON, "-m", "wizard", *rest)


def checks():
    return (
        ("ruff check", [PYTHON, "-m", "ruff", "check", "."]),
        ("ruff format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        ("mypy --strict", [PYTHON, "-m", "mypy"]),
        (
            "import-linter",
            [
                PYTHON,
                "-c",
                "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())",
            ],
        ),
    )


def lint(rest):
    need(["core", "gui", "test"])
    failed = []
    for name, command in checks():
        say(name)
        if run(*command):
            failed.append(name)
    if failed:
        say("failed: " + ", ".join(failed))
    return 1 if failed else 0


def test(rest):
    need(["core", "gui", "test"])
    need_qt_libraries()
    need_test_tools()
    code = lint([])
    env = environment()
    # A window on the desktop would take the keyboard from the test that types.
    env.setdefault("QT_QPA_PLATFORM", "offscreen")
    if "--strict" in rest:
        rest = [word for word in rest if word != "--strict"]
        env["APS_STRICT"] = "1"
    if not any(word.startswith("-n") or word in ("-s", "--pdb") for word in rest):
        # A file stays in one process, with the servers and sites that its tests share. A process that dies ends the
        # run, which else would wait for its tests.
        rest = ["-n", str(max(2, os.cpu_count() or 1)), "--dist", "loadfile", "--max-worker-restart", "0"] + rest
    return run(PYTHON, "-m", "pytest", *rest, env=env) or code


def bench(rest):
    need(["core", "gui", "test"])
    need_qt_libraries()
    need_test_tools()
    code = run(PYTHON, "-m", "tests.bench", *rest)
    return run(PYTHON, "-m", "tests.bench_bulk") or code


def soak(rest):
    need(["core", "gui", "test"])
    return run(PYTHON, "-m", "tests.soak", *rest)


def screenshots(rest):
    need(["core", "gui", "test"])
    need_qt_libraries()
    return run(PYTHON, "-m", "tests.screenshots", *rest)


def seeds(rest):
    need(["core", "gui", "test"])
    return run(PYTHON, "-m", "tests.seeds", *rest)


def i18n(rest):
    need(["core", "gui", "test"])
    return run(PYTHON, "-m", "tests.i18n", *rest)


def schema(rest):
    need(["core"])
    return run(PYTHON, "-m", "wizard", "profile", "schema", "--out", os.path.join("profiles", "profile.schema.json"))


def pins(rest):
    uv = shutil.which("uv")
    if not uv:
        stop("uv is needed to compile the pins: pip install uv (in an environment of its own)")
    for group in ("core", "gui", "test"):
        code = run(
            uv, "pip", "compile", "--universal", "--python-version", "%d.%d" % MINIMUM, "--generate-hashes",
            "--no-annotate", "--no-header", "--no-emit-index-url", "-q", group + ".in", "-o", group + ".txt", cwd=PINS,
        )  # fmt: skip
        if code:
            return code
    return 0


def installer(rest):
    need(["core", "gui"])
    need_qt_libraries()
    need_installer_tools(rest)
    return run(PYTHON, "-m", "installer.build", *rest)


COMMANDS = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "bench": bench,
    "soak": soak,
    "screenshots": screenshots,
    "seeds": seeds,
    "i18n": i18n,
    "schema": schema,
    "wizard": wizard,
    "installer": installer,
    "pins": pins,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
