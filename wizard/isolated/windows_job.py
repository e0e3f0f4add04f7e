"""A child process on Windows and whatever it starts, ended together: the job objects of Windows.

Elsewhere groups of processes do that (`wizard.isolated.host.kill`), and nothing here does anything.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
from ctypes import wintypes
from weakref import WeakKeyDictionary

_END_ALL_WHEN_CLOSED = 0x2000
_LIMITS = 9

_JOBS: WeakKeyDictionary[subprocess.Popen[bytes], int] = WeakKeyDictionary()
"""The handle of each child's job. Windows closes them when this process ends in any way, which ends the children."""


class _Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION, of which only the flags are set."""

    _fields_ = (
        ("times", ctypes.c_int64 * 2),
        ("flags", wintypes.DWORD),
        ("working_set", ctypes.c_size_t * 2),
        ("processes", wintypes.DWORD),
        ("affinity", ctypes.c_size_t),
        ("priority", wintypes.DWORD * 2),
        ("counters", ctypes.c_uint64 * 6),
        ("memory", ctypes.c_size_t * 4),
    )


def join(process: subprocess.Popen[bytes]) -> None:
    """Put a child into a job of its own, before it is given anything to do.

    A Windows that refuses, because of a job around this program that allows none, leaves the child without: then `end`
    ends nothing, and what the child starts outlives it.
    """
    if sys.platform == "win32":
        kernel = _kernel()
        job = kernel.CreateJobObjectW(None, None)
        limits = _Limits(flags=_END_ALL_WHEN_CLOSED)
        handle = int(process._handle)  # type: ignore[attr-defined]  # by its id it could be another one by now
        if kernel.SetInformationJobObject(job, _LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)) and (
            kernel.AssignProcessToJobObject(job, handle)
        ):
            _JOBS[process] = job
        else:
            kernel.CloseHandle(job)


def end(process: subprocess.Popen[bytes]) -> None:
    """End the child of `join` and what it started; without effect when that was done or there is no job."""
    if sys.platform == "win32" and (job := _JOBS.pop(process, None)) is not None:
        kernel = _kernel()
        kernel.TerminateJobObject(job, 1)
        kernel.CloseHandle(job)


if sys.platform == "win32":

    def _kernel() -> ctypes.WinDLL:
        kernel = ctypes.WinDLL("kernel32")
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
        kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        kernel.TerminateJobObject.argtypes = (wintypes.HANDLE, wintypes.UINT)
        kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
        return kernel
