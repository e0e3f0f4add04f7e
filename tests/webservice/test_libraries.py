"""The large libraries are loaded late, and by one thread at a time."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys, threading
from wizard.webservice.libraries import load
sys.setswitchinterval(1e-6)
wrong = []
def one(names):
    try:
        load(*names)
    except ImportError as error:
        wrong.append(error)
wanted = (["zeep"], ["zeep.wsdl"], ["lxml.html"], ["requests"])
threads = [threading.Thread(target=one, args=[names]) for names in wanted]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(wrong)
"""


def test_several_threads_may_need_them_at_once() -> None:
    for _time in range(3):
        done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60, check=True)
        assert done.stdout == "[]\n"


def test_the_checks_themselves_load_none_of_them() -> None:
    code = (
        "import sys, wizard.checklist.registry as registry; registry.checks();"
        "print(sorted({'requests', 'lxml', 'zeep', 'truststore', 'cryptography', 'urllib3'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"
