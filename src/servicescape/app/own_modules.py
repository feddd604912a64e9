"""The files behind an organisation's own rules, so that an answer is believed only while they stay as they are.

An installed package changes the folder that it lies in; one that is installed in editable form is edited where it is,
and nothing tells but its files.
"""

import sys
import sysconfig
from pathlib import Path

import servicescape
from servicescape.rules.registry import all_rules
from servicescape.source.cache import digest_of


def files_of_own_rules() -> list[tuple[str, bytes]] | None:
    """Every file of Python that own rules have brought along, with a hash of it; None where one cannot be read.

    These are the files of the rules' packages, and all that was imported from outside of Python and of the folders of
    installed packages.
    """
    own = {rule.__module__.partition(".")[0] for rule in all_rules().values()} - {"servicescape"}
    if not own:
        return []
    found: dict[str, bytes] = {}
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.partition(".")[0] not in own and (file is None or _is_installed(file)):
            continue
        if file is None:
            if hasattr(module, "__path__"):  # A package without a file of its own.
                continue
            return None
        try:
            found[file] = digest_of(Path(file).read_bytes())
        except OSError:
            return None
    return sorted(found.items())


def _is_installed(file: str) -> bool:
    """Whether a file belongs to Python, to us, or to a package that is installed in the usual way."""
    return file.startswith(_INSTALLED) or "site-packages" in file or "dist-packages" in file


_INSTALLED = tuple(
    {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), str(Path(servicescape.__file__).parent)}
)
