"""What the reading process may not do: much memory or time, files, network, programs. It locks itself before it sees a stranger's byte."""

import sys

from services.ingest.reading import limits

try:
    import resource
except ImportError:  # Windows: the wall limit of the parent remains
    resource = None  # type: ignore[assignment]

_FORBIDDEN = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.remove", "os.rename", "os.rmdir",
    "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.kill", "shutil.", "urllib.", "http.", "ftplib.",
    "smtplib.",
    "webbrowser.", "ctypes.dlopen", "pty.", "sqlite3.",
)  # fmt: skip
_WRITING = frozenset("wax+")


def lock() -> None:
    """Once and for all. Audit hooks (PEP 578) stop Python code that was talked into something; the limits stop everything."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY, limits.MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    sys.addaudithook(_audit)


def grant_time() -> None:
    """Processor time for one more file; over it the kernel ends the process (SIGXCPU)."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + limits.CPU_S + 1, hard))


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        mode = arguments[1] if len(arguments) > 1 else None
        if isinstance(mode, str) and _WRITING & set(mode):
            raise PermissionError("reading writes no files")
    elif event.startswith(_FORBIDDEN):
        raise PermissionError(f"reading does no {event}")
